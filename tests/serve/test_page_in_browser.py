"""The chat page in a real browser: type, see the answer come, stop it, read what went wrong, on a wide and a narrow screen."""

from dataclasses import replace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from serve.server import serving
from tests.serve.conftest import SMALL, Raw, open_requests, served_alone, soon
from tests.support.browser import DESKTOP, PHONE, drag, open_page, requested_hosts, set_scheme, texts
from tests.support.scripted_model import TEXT, WORDS, said, scripted

BRIGHTNESS = """const colour = getComputedStyle(document.querySelector(arguments[0]))[arguments[1]];
    return colour.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3"""


class Page:
    """The chat page as its reader uses it."""

    def __init__(self, browser, raw, width):
        self.browser, self.raw = browser, raw
        open_page(browser, raw.address, width)
        self.until(lambda: self.part("#model").text == "scripted")
        browser.execute_script("document.querySelector('#length').value = 40")

    def part(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def until(self, holds):
        WebDriverWait(self.browser, 20, 0.02).until(lambda _: holds())

    def type(self, text):
        self.part("#question").send_keys(text)

    def ask(self, text):
        self.type(text)
        self.part("#send").click()

    def ended(self):
        self.until(lambda: self.part("#send").is_displayed())

    def messages(self):
        return texts(self.part("#dialogue"), ".message")

    def error(self):
        return self.part("#error").text

    def set(self, css, text):
        if not self.part(css).is_displayed():
            self.part("summary").click()
        self.part(css).clear()
        self.part(css).send_keys(text)


@pytest.fixture(scope="module")
def alone():
    with served_alone(replace(SMALL, max_messages=60)) as both:
        yield both


@pytest.fixture
def page(request, browser, alone):
    alone[0].seconds, alone[0].fails = 0.0, False
    return Page(browser, alone[1], getattr(request, "param", DESKTOP))


ON_BOTH = pytest.mark.parametrize("page", [DESKTOP, PHONE], indirect=True)


@ON_BOTH
def test_an_answer_comes_piece_by_piece_and_can_be_stopped(page, alone):
    alone[0].seconds = 0.03
    page.ask("Tell me")
    page.until(lambda: len(page.messages()) == 2 and "Once" in page.messages()[1])
    early = page.messages()[1]
    assert page.part("#stop").is_displayed()
    assert not page.part("#send").is_displayed()
    page.until(lambda: len(page.messages()[1]) > len(early))
    page.part("#stop").click()
    page.ended()
    question, answer = page.messages()
    assert (question, TEXT.startswith(answer.rstrip("▍")), len(answer) < len(said(0, 40))) == (
        "Tell me",
        True,
        True,
    )
    assert texts(page.part("#dialogue"), ".note") == ["Stopped."]
    assert soon(lambda: open_requests(page.raw) == 0, 3)


def test_a_dialogue_goes_on_with_all_that_was_said(page, alone):
    page.set("#length", "5")
    page.type("Word 3")
    page.type(Keys.ENTER)
    page.ended()
    assert page.messages() == ["Word 3", said(3, 5).strip()]
    assert texts(page.part("#dialogue"), ".note") == ["The answer has reached its longest length."]
    read = sum(T for _, T in alone[0].passes)
    page.ask("And word 4")
    page.ended()
    assert page.messages()[2:] == ["And word 4", said(4, 5).strip()]
    history = f"user: Word 3\nassistant: {said(3, 5)}\nuser: And word 4"
    assert sum(T for _, T in alone[0].passes) - read == len(history.encode()) + 4
    page.part("#fresh").click()
    assert page.messages() == []
    assert page.part("#hint").is_displayed()


def test_the_settings_are_sent(page, alone):
    page.set("#system", "Be brief")
    page.set("#length", "2")
    drag(page.part("#temperature"), 1.2)
    assert page.part("#shown").text == "1.2"
    read = sum(T for _, T in alone[0].passes)
    page.ask("Hi")
    page.ended()
    assert page.messages()[1] == said(0, 2)
    assert sum(T for _, T in alone[0].passes) - read == len("system: Be brief\nuser: Hi") + 1


def test_shift_and_enter_begin_a_new_line_and_nothing_is_sent_without_text(page):
    page.type(Keys.ENTER)
    page.type("   ")
    page.type(Keys.ENTER)
    assert page.messages() == []
    page.part("#question").clear()
    page.type("one")
    page.type(Keys.SHIFT + Keys.ENTER)
    page.type("two")
    assert page.part("#question").get_attribute("value") == "one\ntwo"
    page.part("#send").click()
    page.ended()
    assert page.messages()[0] == "one\ntwo"


@pytest.mark.parametrize("sign", ["isComposing: true", "keyCode: 229"])
def test_enter_that_chooses_a_character_sends_nothing(page, sign):
    page.type("xue")
    enter = f"new KeyboardEvent('keydown', {{key: 'Enter', cancelable: true, bubbles: true, {sign}}})"
    assert page.browser.execute_script(f"return document.querySelector('#question').dispatchEvent({enter})")
    assert page.messages() == []
    assert page.part("#question").get_attribute("value") == "xue"


def test_what_went_wrong_is_shown_and_the_question_is_kept(page, alone):
    alone[0].fails = True
    page.ask("Hi")
    page.until(lambda: page.error() == "The model failed.")
    page.ended()
    assert page.messages() == []
    assert page.part("#question").get_attribute("value") == "Hi"
    alone[0].fails = False
    page.part("#send").click()
    page.ended()
    assert len(page.messages()) == 2
    assert page.error() == ""
    page.set("#length", "301")
    page.browser.execute_script("document.querySelector('#length').max = 999")
    page.ask("Again")
    page.until(lambda: "An answer may have 300 tokens, not 301." in page.error())


def test_an_answer_without_a_word_is_said_to_be_one(browser):
    served = scripted()[1]
    with serving(replace(served, stop=frozenset({256})), SMALL) as address:  # the first token that it says
        page = Page(browser, Raw(address), DESKTOP)
        page.ask("Hi")
        page.until(lambda: page.error() == "The model has ended its answer before the first word.")
        page.ended()
        assert page.messages() == []
        assert page.part("#question").get_attribute("value") == "Hi"


def test_the_keyboard_keeps_its_place_and_who_listens_hears_who_speaks(page, alone):
    alone[0].seconds = 0.03
    page.type("Tell me")
    page.part("#send").send_keys(Keys.ENTER)
    page.until(lambda: len(page.messages()) == 2 and "Once" in page.messages()[1])
    focused = page.browser.switch_to.active_element
    assert focused.get_attribute("id") == "stop"
    focused.send_keys(Keys.ENTER)
    page.ended()
    assert page.browser.switch_to.active_element.get_attribute("id") == "send"
    spoken = page.browser.execute_script(
        "return [...document.querySelectorAll('.message')].map((one) => getComputedStyle(one, '::before').content)"
    )
    assert spoken == ['"You: "', '"The model: "']
    assert [part.aria_role for part in (page.part("main"), page.part("#dialogue"))] == ["main", "log"]


def test_a_question_that_is_too_long_says_so(page):
    page.browser.execute_script("document.querySelector('#question').value = 'x'.repeat(2500)")
    page.part("#send").click()
    page.until(lambda: page.error().startswith("The prompt has 2506 tokens"))
    page.ended()


def test_a_dialogue_that_is_too_long_loses_its_beginning(page):
    page.set("#length", "3")
    for letter in "abc":
        page.browser.execute_script("document.querySelector('#question').value = arguments[0]", letter * 900)
        page.part("#send").click()
        page.ended()
    assert len(page.messages()) == 6
    assert texts(page.part("#dialogue"), ".note")[-1] == (
        "The answer has reached its longest length. The beginning of the dialogue no longer fits and was left out."
    )
    assert page.error() == ""


def test_text_is_text_and_no_html(page):
    page.ask("<img src=x onerror=document.title='bad'><b>bold</b>")
    page.ended()
    assert page.messages()[0] == "<img src=x onerror=document.title='bad'><b>bold</b>"
    assert page.browser.title == "Chat"
    assert page.browser.find_elements(By.CSS_SELECTOR, "main img, main b") == []


def test_a_new_chat_ends_the_answer_of_the_old_one(page, alone):
    alone[0].seconds = 0.03
    page.ask("Tell me")
    page.until(lambda: len(page.messages()) == 2 and "Once" in page.messages()[1])
    page.part("#fresh").click()
    assert soon(lambda: open_requests(page.raw) == 0, 3)
    assert page.messages() == []
    assert page.part("#send").is_displayed()
    alone[0].seconds = 0.0
    page.ask("Word 5")
    page.ended()
    assert page.messages()[1].startswith(WORDS[5])


@ON_BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_on_the_screen_and_comes_from_here(page, scheme):
    set_scheme(page.browser, scheme)
    page.ask("A question of some length, such as people ask, and a Wort" + "e" * 80)
    page.ended()
    wide = page.browser.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
    back = page.browser.execute_script(BRIGHTNESS, "body", "backgroundColor")
    text = page.browser.execute_script(BRIGHTNESS, "body", "color")
    assert (back > 200 and text < 60) if scheme == "light" else (back < 60 and text > 200)
    assert page.part("#question").is_displayed()
    assert page.part("#question").rect["y"] + page.part("#question").rect["height"] <= 900
    assert requested_hosts(page.browser) == {page.raw.host}
    assert [entry for entry in page.browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_server_that_is_gone_is_an_error_too(browser):
    with served_alone() as (_, raw):
        page = Page(browser, raw, DESKTOP)
    page.ask("Hi")
    page.until(lambda: page.error() == "The server cannot be reached.")
    assert page.part("#question").get_attribute("value") == "Hi"
