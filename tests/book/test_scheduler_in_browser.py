"""The figure of the scheduler draws what lib/scheduling.py schedules, for each number of slots and both ways to batch."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from book.cells import serving
from lib.scheduling import schedule
from tests.support.browser import DESKTOP, PHONE, Figure, attributes, drag, show_figure

pytestmark = pytest.mark.part("chapter inference")

MODES = ["static", "continuous"]


class Scheduler(Figure):
    """The figure as a reader works it."""

    def choose(self, slots, mode):
        drag(self.part("input"), slots)
        Select(self.part("select")).select_by_visible_text(mode)

    def blocks(self):
        """Return slot, start and end of each request that is drawn, in order."""
        names = ("request", "slot", "start", "end")
        columns = [map(int, attributes(self.figure, ".scheduler-block", f"data-{name}")) for name in names]
        drawn = sorted(zip(*columns, strict=True))
        assert [request for request, *_ in drawn] == list(range(len(drawn)))
        return [(slot, start, end) for _, slot, start, end in drawn]


@pytest.fixture
def width(request):
    return getattr(request, "param", DESKTOP)


@pytest.fixture
def figure(width, browser, address):
    return Scheduler(show_figure(browser, address, "scheduler", width))


def test_blocks_wait_and_rate_are_those_of_the_library(figure):
    lengths, arrivals = figure.data["lengths"], figure.data["arrivals"]
    for slots in range(1, 9):
        for mode in MODES:
            figure.choose(slots, mode)
            blocks = [tuple(block) for block in schedule(lengths, arrivals, slots, mode == "continuous")]
            assert figure.blocks() == blocks, (slots, mode)
            for name, value in serving.costs(blocks, arrivals).items():
                assert figure.shown(name) == pytest.approx(value, abs=1e-6), (slots, mode, name)
            assert (
                len(figure.figure.find_elements(By.CSS_SELECTOR, ".scheduler-plot > g:first-of-type text"))
                == slots
            )


def test_an_ended_request_keeps_its_slot_only_with_static_batching(figure):
    for mode, there in zip(MODES, (True, False), strict=True):
        figure.choose(3, mode)
        assert bool(figure.figure.find_elements(By.CSS_SELECTOR, "rect.scheduler-ended")) == there


def test_the_reader_starts_with_three_slots_and_the_arrow_keys_take_more(figure):
    assert figure.part(".scheduler-title").text == "slots: 3"
    assert Select(figure.part("select")).first_selected_option.text == "static"
    before = figure.part(".scheduler-reading").text
    figure.part("input").send_keys(Keys.ARROW_RIGHT)
    assert figure.part(".scheduler-title").text == "slots: 4"
    assert figure.part(".scheduler-reading").text != before


def test_what_is_read_out_has_the_numbers(figure):
    figure.choose(3, "continuous")
    words = figure.part(".scheduler-reading").text
    for name in ("seconds", "wait", "rate"):
        assert f"{figure.shown(name):.1f}" in words


@pytest.mark.parametrize("width", [DESKTOP, PHONE], indirect=True)
def test_bars_stay_in_their_lanes_and_a_finger_can_hold_the_controls(figure):
    figure.choose(8, "continuous")
    bars = ".scheduler-plot rect"
    left, width = (map(float, attributes(figure.figure, bars, name)) for name in ("x", "width"))
    wide = float(attributes(figure.figure, ".scheduler-plot", "viewBox")[0].split()[2])
    assert all(0 < x <= x + w <= wide for x, w in zip(left, width, strict=True))
    for control in ("input", "select"):
        assert figure.part(control).rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
