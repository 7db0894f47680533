"""The loss-surface walker does the steps of lib/optim.py, wherever the reader starts and whatever is chosen."""

from itertools import product

import pytest
import torch
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from lib.optim import SGD, Adam, AdamW
from tests.support.browser import DESKTOP, PHONE, Figure, drag, show_figure

pytestmark = pytest.mark.part("chapter optimisation")

SURFACES = {
    "ravine": lambda x, y: (x**2 + 25 * y**2) / 2,
    "bend": lambda x, y: (1 - x) ** 2 + 10 * (y - x**2) ** 2,
    "saddle": lambda x, y: x**2 - y**2 + y**4 / 4,
}
STARTS = {"ravine": (-3.5, 1.0), "bend": (-1.5, 1.0), "saddle": (-2.0, 0.02)}
# An optimiser as the reader chooses it, where the slider "memory" stands then, and what that means.
OPTIMISERS = [
    ("SGD", 0, lambda p, rate, decay: SGD([p], rate, 0.0, decay)),
    ("SGD", 3, lambda p, rate, decay: SGD([p], rate, 0.9, decay)),
    ("Adam, L2 in the gradient", 2, lambda p, rate, decay: Adam([p], rate, (0.9, 0.95), weight_decay=decay)),
    ("AdamW", 4, lambda p, rate, decay: AdamW([p], rate, betas=(0.9, 0.999), weight_decay=decay)),
]
RATES = (-28, -21)  # tenths of the logarithm, as the slider has it


class Walker(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.surface, self.optimiser = (Select(s) for s in figure.find_elements(By.TAG_NAME, "select"))

    def slide(self, name, value):
        drag(self.part(f".walker-{name} input"), value)

    def set(self, optimiser, memory, rate, decay):
        self.optimiser.select_by_visible_text(optimiser)
        for name, value in (("memory", memory), ("rate", rate), ("decay", decay)):
            self.slide(name, value)

    def end(self):
        return [float(number) for number in self.figure.get_attribute("data-end").split()]

    def start(self):
        """Return where the start is drawn, in pixels of the drawing."""
        return [float(self.part(".walker-start").get_attribute(axis)) for axis in ("cx", "cy")]


def end_by_lib(surface, make, rate, decay):
    """Return the point after 60 steps, in float64."""
    point = torch.tensor(STARTS[surface], dtype=torch.float64, requires_grad=True)
    optimizer = make(point, 10 ** (rate / 10), decay)
    for _ in range(60):
        optimizer.zero_grad()
        SURFACES[surface](*point).backward()
        optimizer.step()
    return point.tolist()


@pytest.fixture(params=[DESKTOP, PHONE])
def walker(request, browser, address):
    return Walker(show_figure(browser, address, "walker", request.param))


def test_every_optimiser_ends_where_the_library_does_on_every_surface(walker):
    for (index, surface), (name, memory, make), rate in product(enumerate(SURFACES), OPTIMISERS, RATES):
        walker.surface.select_by_index(index)
        walker.set(name, memory, rate, decay=3)
        assert walker.end() == pytest.approx(end_by_lib(surface, make, rate, 0.1), abs=1e-6), (
            surface,
            name,
            rate,
        )


def test_a_path_that_grows_leaves_the_picture_and_the_page_says_when(walker):
    walker.set("SGD", 0, -10, 0)  # the rate 0.1, above 0.08
    reading = walker.part(".walker-reading").text
    assert reading.startswith("It left the picture at step 3. After 60 steps at (")
    walker.set("SGD", 5, 5, 0)
    assert walker.figure.get_attribute("data-end")
    walker.surface.select_by_index(1)
    assert walker.figure.get_attribute("data-end") == "none"
    assert "overflowed" in walker.part(".walker-reading").text


def test_the_arrow_keys_a_click_and_a_finger_move_the_start(walker):
    before = walker.start()
    plot = walker.part(".walker-map")
    plot.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert walker.start() == pytest.approx([before[0] + 8, before[1] - 6])
    walker.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", plot)
    webdriver.ActionChains(walker.page).move_to_element(plot).click().perform()
    assert walker.start() == pytest.approx([160, 120], abs=1.5)
    grip = walker.part(".walker-grip")
    webdriver.ActionChains(walker.page).click_and_hold(grip).move_by_offset(40, 20).release().perform()
    assert walker.start()[0] > 180
    assert walker.start()[1] > 130
    assert grip.rect["width"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"


def test_on_a_phone_the_two_plots_stand_one_below_the_other(walker):
    path, curve = (walker.part(css).rect for css in (".walker-map", ".walker-curve"))
    beside = curve["x"] > path["x"] + path["width"] - 1
    assert beside == (walker.page.execute_script("return innerWidth") > PHONE)
    assert beside or curve["y"] > path["y"] + path["height"] - 1
