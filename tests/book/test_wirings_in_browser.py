"""The figure of wirings lights up what each output can depend on, by pointer, finger and keys."""

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.support.browser import DESKTOP, PHONE, Figure, show_figure, texts

pytestmark = pytest.mark.part("chapter encoder-decoder")

ENCODER, DECODER, BOTH, PREFIX = range(4)
REAL, TOKENS = 5, 7  # the encoder's text, and all of it with padding


class Wirings(Figure):
    """The figure as a reader works it."""

    def drawing(self):
        return self.part(".wirings-frame svg")

    def choose(self, wiring):
        Select(self.part("select")).select_by_index(wiring)

    def boxes(self):
        """Return the boxes, first those of the inputs, then those of the outputs."""
        return self.figure.find_elements(By.CSS_SELECTOR, ".wirings-box")

    def lit(self):
        """Return the places of the inputs that are lit."""
        return [n for n, box in enumerate(self.boxes()) if "lit" in box.get_attribute("class")]

    def chosen(self):
        return texts(self.figure, ".wirings-box.chosen")

    def lines(self):
        return len(self.figure.find_elements(By.CSS_SELECTOR, ".wirings-line.lit"))

    def press(self, *keys):
        self.drawing().send_keys(*keys)

    def go_to(self, output):
        self.press(*[Keys.ARROW_LEFT] * 9, *[Keys.ARROW_RIGHT] * output)

    def reading(self):
        return self.part(".wirings-reading").text


@pytest.fixture(params=[DESKTOP, PHONE])
def wirings(request, browser, address):
    return Wirings(show_figure(browser, address, "wirings", request.param))


def test_it_opens_with_the_encoder_decoder_and_its_fourth_output(wirings):
    assert wirings.chosen() == ["d"]
    assert wirings.lit() == [0, 1, 3, 4, 5, 6]  # two real characters, not the padding, and four parts
    assert wirings.lines() == 6
    assert wirings.reading() == "Output 3, “d”, depends on 6 of 10 inputs: 长 大 <s> zh ang 3"


def test_every_output_of_every_wiring_lights_up_what_it_may_see(wirings):
    wirings.choose(ENCODER)
    for output in range(REAL):
        wirings.go_to(output)
        assert wirings.lit() == list(range(REAL))
    wirings.choose(DECODER)
    for output in range(TOKENS):
        wirings.go_to(output)
        assert wirings.lit() == list(range(output + 1))
    wirings.choose(BOTH)
    for output in range(TOKENS):
        wirings.go_to(output)
        assert wirings.lit() == [0, 1, *range(3, 4 + output)]
    wirings.choose(PREFIX)
    for output in range(9):
        wirings.go_to(output)
        assert wirings.lit() == list(range(max(3, output + 1)))


def test_the_arrow_keys_stop_at_both_ends(wirings):
    wirings.press(*[Keys.ARROW_LEFT] * 9)
    assert wirings.chosen() == ["zh"]
    wirings.press(*[Keys.ARROW_RIGHT] * 20)
    assert wirings.chosen() == ["</s>"]


def test_pointing_at_an_output_chooses_it(wirings):
    output = wirings.boxes()[-1]
    wirings.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", output)
    webdriver.ActionChains(wirings.page).move_to_element(output).perform()
    assert wirings.chosen() == ["</s>"]


def test_the_drawing_fits_its_frame(wirings):
    for wiring in (ENCODER, DECODER, BOTH, PREFIX):
        wirings.choose(wiring)
        frame = wirings.figure.find_element(By.CSS_SELECTOR, ".wirings-frame")
        assert wirings.drawing().rect["width"] <= frame.rect["width"]
        labels = wirings.page.execute_script(
            """return [...arguments[0].querySelectorAll(".wirings-box")].map((box) =>
                box.querySelector("text").getBBox().width - box.querySelector("rect").getBBox().width)""",
            wirings.figure,
        )
        assert max(labels) <= 0, "a label is wider than its box"
