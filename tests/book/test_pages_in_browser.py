"""Every page in a real browser, wide and narrow, light and dark: no error, no foreign request, nothing cut off."""

from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.browser import (
    DESKTOP,
    PHONE,
    fresh_tab,
    open_page,
    page_with,
    requested_hosts,
    set_scheme,
    show,
    show_figure,
)
from tests.support.built_book import pages

pytestmark = pytest.mark.part("every chapter")


def theme(browser):
    return browser.execute_script("return document.documentElement.dataset.theme")


def faults(browser):
    """Return what is wrong with the page that is shown, in words."""
    found = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    page = browser.execute_script(
        """const root = document.documentElement, all = (css) => [...document.querySelectorAll(css)];
        return {surplus: root.scrollWidth - root.clientWidth,
                raw: all(".math").filter((m) => !m.querySelector("mjx-container")).map((m) => m.textContent),
                wrong: all("mjx-merror").map((m) => m.textContent),
                undrawn: all(".widget-fallback").length};"""
    )
    found += [f"the page is {page['surplus']} px wider than the screen"] if page["surplus"] > 0 else []
    found += [f"not typeset: {text}" for text in page["raw"] + page["wrong"]]
    found += [f"{page['undrawn']} figures not drawn"] if page["undrawn"] else []
    return found


def test_a_tab_knows_nothing_of_an_earlier_one(driver, address):
    remembered = "return [localStorage.getItem('trace'), document.cookie, innerWidth]"
    with fresh_tab(driver) as tab:
        show(tab, f"{address}/index.html", PHONE)
        tab.execute_script("localStorage.setItem('trace', '1'); document.cookie = 'trace=1'")
        assert tab.execute_script(remembered) == ["1", "trace=1", PHONE]
    with fresh_tab(driver) as tab:
        tab.get(f"{address}/index.html")
        storage, cookies, width = tab.execute_script(remembered)
        assert (storage, cookies) == (None, "")
        assert width != PHONE
        assert len(tab.window_handles) == 2


@pytest.mark.parametrize(("width", "scheme", "other"), [(DESKTOP, "light", "dark"), (PHONE, "dark", "light")])
def test_every_page_is_without_fault_in_light_and_dark_and_asks_no_other_host(
    browser, address, width, scheme, other
):
    found = {}
    for name in pages():
        show(browser, f"{address}/{name}", width, scheme)
        assert theme(browser) == scheme
        found[name] = faults(browser)
        set_scheme(browser, other)  # as at nightfall, while the page is open
        WebDriverWait(browser, 5).until(lambda browser: theme(browser) == other, name)
        found[name] += faults(browser)
        assert requested_hosts(browser) == {urlsplit(address).netloc}, name
    assert not {name: faults for name, faults in found.items() if faults}


def test_on_a_phone_a_long_formula_scrolls_and_its_number_stands_below_it(browser, address):
    name = page_with("div.math > span.eqno")
    show(browser, f"{address}/{name}", PHONE)
    places = browser.execute_script(
        """return [...document.querySelectorAll("div.math:has(> span.eqno)")].map((math) => {
            const formula = math.querySelector("mjx-container"), number = math.querySelector("span.eqno");
            const box = formula.getBoundingClientRect(), below = number.getBoundingClientRect();
            return {hidden: formula.scrollWidth - formula.clientWidth, scrolls: getComputedStyle(formula).overflowX,
                    right: below.right, gap: below.top - box.bottom, outside: box.right}})"""
    )
    assert any(place["hidden"] > 0 for place in places)
    for place in places:
        assert place["scrolls"] == "auto"
        assert max(place["right"], place["outside"]) <= PHONE
        assert place["gap"] >= 0


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_without_javascript_a_page_says_why_formulas_are_latex(browser, address, width):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    open_page(browser, f"{address}/{page_with('div.math')}", width)
    notice = browser.find_element(By.CSS_SELECTOR, ".no-script")
    assert notice.is_displayed()
    assert "LaTeX" in notice.text
    assert notice.rect["x"] + notice.rect["width"] <= width
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.fixture(params=[DESKTOP, PHONE])
def heatmap(request, browser, address):
    return show_figure(browser, address, "heatmap", request.param)


def centre(browser, cell):
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", cell)
    return webdriver.ActionChains(browser).move_to_element(cell)


def test_pointing_at_a_cell_of_the_heat_map_reads_it_out(browser, heatmap):
    cells = heatmap.find_elements(By.CSS_SELECTOR, ".heatmap-cell")
    reading = heatmap.find_element(By.CSS_SELECTOR, ".heatmap-reading")
    texts = []
    for cell in (cells[0], cells[-1]):
        centre(browser, cell).perform()
        texts.append(reading.text)
        weight = float(cell.get_attribute("fill-opacity"))
        assert float(reading.text.split(": ")[1].removesuffix(" %")) == pytest.approx(100 * weight, abs=0.5)
    assert texts[0] != texts[1]


def test_the_arrow_keys_move_through_the_heat_map(heatmap):
    grid = heatmap.find_element(By.CSS_SELECTOR, "svg")
    reading = heatmap.find_element(By.CSS_SELECTOR, ".heatmap-reading")
    before = reading.text
    grid.send_keys(Keys.ARROW_UP, Keys.ARROW_LEFT)
    assert reading.text != before


def test_every_choice_of_a_quiz_opens_its_own_explanation(browser, address):
    show(browser, f"{address}/{page_with('.quiz')}", PHONE)
    choices = browser.find_element(By.CSS_SELECTOR, ".quiz").find_elements(By.TAG_NAME, "details")
    for choice in choices:
        explanation = choice.find_element(By.CSS_SELECTOR, ".explanation")
        assert not explanation.is_displayed()
        summary = choice.find_element(By.TAG_NAME, "summary")
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", summary)
        summary.click()
        WebDriverWait(browser, 2).until(lambda _, shown=explanation: shown.is_displayed())
        assert explanation.text
        assert [c.get_attribute("open") is not None for c in choices].count(True) == 1


def test_choosing_a_word_on_the_home_page_continues_the_text(browser, address):
    show(browser, f"{address}/index.html", PHONE)
    figure = browser.find_element(By.CSS_SELECTOR, "figure[data-widget=nextword]")
    text = figure.find_element(By.CSS_SELECTOR, ".nextword-text")
    bar = figure.find_element(By.CSS_SELECTOR, ".nextword-bars button")
    before, word = text.text, bar.find_element(By.CSS_SELECTOR, ".nextword-word").text
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", bar)
    bar.click()
    assert text.text == f"{before} {word}"
    figure.find_element(By.XPATH, ".//button[text()='Start again']").click()
    assert text.text == before
