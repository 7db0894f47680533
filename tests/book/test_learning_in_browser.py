"""The figure that watches a model learn shows, at each checkpoint, what was recorded there."""

import math

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.support.browser import DESKTOP, PHONE, Figure, drag, show_figure, texts

pytestmark = pytest.mark.part("chapter pretraining")

SHARE = 0.0501  # per cent: the page writes one decimal
PLACES = """const [figure] = arguments, box = (css) => figure.querySelector(css).getBoundingClientRect();
    const mark = box(".learning-mark"), drawing = box(".learning-curve svg"), slider = box("input");
    return {x: (mark.left + mark.right) / 2, y: (mark.top + mark.bottom) / 2, left: drawing.left, right: drawing.right,
            top: drawing.top, bottom: drawing.bottom, slider: [slider.left, slider.right]}"""


class Learning(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.runs, self.slider = self.data["cases"], self.part(".learning-slider input")

    def choose(self, run):
        Select(self.part("select")).select_by_index(run)

    def one(self, name):
        return self.part(f".learning-{name}")

    def words(self, name):
        return texts(self.figure, f".learning-{name}")

    def bars(self):
        """Return the characters, and their shares in per cent."""
        shares = [float(share.removesuffix(" %")) for share in self.words("share") if share]
        return self.words("character")[: len(shares)], shares

    def places(self):
        return self.page.execute_script(PLACES, self.figure)


@pytest.fixture(params=[DESKTOP, PHONE])
def learning(request, browser, address):
    return Learning(show_figure(browser, address, "learning", request.param))


def test_loss_text_and_next_characters_are_those_of_the_record(learning):
    for number, run in enumerate(learning.runs):
        learning.choose(number)
        last = len(run["stops"]) - 1
        for at in (0, last // 2, last):
            stop = run["stops"][at]
            drag(learning.slider, at)
            assert learning.one("value").text == stop["name"]
            assert learning.one("text").get_property("textContent") == stop["text"]
            nats, bits = learning.one("reading").text.removesuffix(" bits a character").split(" nats, ")
            assert float(nats) == pytest.approx(stop["loss"], abs=6e-4)
            assert float(bits) == pytest.approx(stop["loss"] / math.log(2), abs=6e-3)
            characters, shares = learning.bars()
            written = {"\n": "↵", " ": "␣"}
            assert characters == [written.get(character, character) for character, _ in stop["next"]]
            assert shares == pytest.approx([100 * p for _, p in stop["next"]], abs=SHARE)


def test_the_mark_stands_over_the_slider_s_thumb_at_the_height_of_its_loss(learning):
    run = learning.runs[0]
    last = len(run["stops"]) - 1
    losses = [stop["loss"] for stop in run["stops"]] + [loss for _, loss in run["lines"]]
    for at in (0, last // 2, last):
        drag(learning.slider, at)
        places = learning.places()
        width, height = places["right"] - places["left"], places["bottom"] - places["top"]
        assert places["x"] == pytest.approx(places["left"] + width * at / last, abs=1)
        left, right = places["slider"]
        assert places["x"] == pytest.approx(left + 8 + (right - left - 16) * at / last, abs=4)
        share = (max(losses) - run["stops"][at]["loss"]) / (max(losses) - min(losses))
        assert places["y"] == pytest.approx(places["top"] + height * (0.06 + 0.88 * share), abs=1.5)


def test_every_line_has_its_name_and_loss_at_its_height(learning):
    for number, run in enumerate(learning.runs):
        learning.choose(number)
        assert learning.words("names span") == [f"{name} {loss:.2f}" for name, loss in run["lines"]]


def test_the_arrow_keys_move_the_slider(learning):
    learning.slider.send_keys(Keys.ARROW_RIGHT)
    assert learning.one("value").text == learning.runs[0]["stops"][1]["name"]
    learning.slider.send_keys(Keys.END)
    assert learning.one("value").text == learning.runs[0]["stops"][-1]["name"]
    assert learning.slider.get_attribute("aria-valuetext") == learning.runs[0]["stops"][-1]["name"]


def test_long_lines_wrap_and_a_finger_can_hold_the_slider(learning):
    for number, run in enumerate(learning.runs):
        learning.choose(number)
        assert learning.one("text").get_attribute("lang") == run["lang"]
        text = learning.one("text")
        for at in range(len(run["stops"])):
            drag(learning.slider, at)
            assert text.get_property("scrollWidth") <= text.get_property("clientWidth")
    assert learning.slider.rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
    assert learning.slider.rect["width"] >= 200
