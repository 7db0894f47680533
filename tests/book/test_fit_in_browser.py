"""The figure of memory shows what lib/sharding.py computes, wherever the reader moves the sliders."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from lib.distributed import memory
from tests.support.browser import DESKTOP, PHONE, Figure, drag, show_figure, texts

pytestmark = pytest.mark.part("chapter distributed")

BYTES = [(2, 12), (2, 8), (4, 8)]  # of a weight, and of a parameter's states, in the order of the list
WIDTH = 128  # features for each block


class Fit(Figure):
    """The figure as a reader works it."""

    def set(self, size=None, workers=None, tokens=None):
        for name, value in [("size", size), ("workers", workers), ("tokens", tokens)]:
            if value is not None:
                values = self.data["sizes" if name == "size" else name]
                drag(self.part(f".fit-{name} input"), values.index(value))

    def choose(self, kind):
        Select(self.part("select")).select_by_index(kind)

    def compute_again(self):
        box = self.part(".fit-again input")
        self.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        box.click()

    def totals(self):
        return [float(total) for total in self.figure.get_attribute("data-totals").split()]

    def labels(self):
        return texts(self.figure, ".fit-total")


def by_lib(size, workers, kind=0):
    return [memory(size, workers, stage, *BYTES[kind])["total"] for stage in range(4)]


@pytest.fixture(params=[DESKTOP, PHONE])
def figure(request, browser, address):
    return Fit(show_figure(browser, address, "fit", request.param))


def test_the_paper_s_example_is_there_at_first(figure):
    """ZeRO, figure 1: 7.5 billion parameters on 64 GPUs."""
    want = ["120 GB, fits 192", "31.4 GB, fits 80", "16.6 GB, fits 24", "1.9 GB, fits 24"]
    assert figure.labels() == want
    assert figure.totals() == pytest.approx([120, 31.4, 16.6, 1.9], abs=0.1)


def test_memory_is_that_of_the_library(figure):
    for kind in range(len(BYTES)):
        figure.choose(kind)
        for size in (125_000_000, 7_500_000_000, 405_000_000_000):
            for workers in (1, 8, 1024):
                figure.set(size, workers)
                assert figure.totals() == pytest.approx(by_lib(size, workers, kind), abs=1e-5)


def test_activations_come_on_top_of_every_stage(figure):
    """34 bytes a token, block and feature; or 2, and 34 once, when the rest is computed again."""
    figure.set(7_500_000_000, 64, 16384)
    features = (7.5e9 * WIDTH / 12) ** (1 / 3)
    blocks = features / WIDTH
    for each in (34 * features * blocks, (2 * blocks + 34) * features):
        kept = each * 16384 / 1e9
        want = [total + kept for total in by_lib(7.5e9, 64)]
        assert figure.totals() == pytest.approx(want, rel=1e-5)
        figure.compute_again()


def test_bars_are_drawn_to_scale_and_end_at_the_edge(figure):
    edge = 1.15 * max(figure.data["cards"])
    for size in (7_500_000_000, 405_000_000_000):
        figure.set(size, 8)
        tracks = figure.figure.find_elements(By.CSS_SELECTOR, ".fit-track")
        for track, total in zip(tracks, by_lib(size, 8), strict=True):
            parts = track.find_elements(By.CSS_SELECTOR, ".fit-bar span")
            drawn = sum(part.rect["width"] for part in parts) / track.rect["width"]
            assert drawn == pytest.approx(min(1, total / edge), abs=0.01)


def test_what_fits_no_card_says_so(figure):
    figure.set(405_000_000_000, 1)
    assert set(figure.labels()) == {"6,480 GB, fits none"}


def test_the_arrow_keys_move_the_workers(figure):
    figure.part(".fit-workers input").send_keys(Keys.ARROW_RIGHT)
    assert figure.totals() == pytest.approx(by_lib(7.5e9, 128), abs=1e-5)
    assert figure.part(".fit-reading").text.startswith(
        "7.5B parameters, 128 workers: DDP 120 GB, ZeRO-1 30.7 GB"
    )


def test_a_finger_can_hold_the_sliders_and_nothing_is_wider_than_the_page(figure):
    for slider in figure.figure.find_elements(By.CSS_SELECTOR, "input[type=range]"):
        assert slider.rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
        assert slider.rect["width"] >= 180
    assert figure.page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
