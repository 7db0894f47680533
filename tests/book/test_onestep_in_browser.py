"""The step that is taken apart shows, for every choice of its lines, the walk that the page computed."""

from itertools import product

import pytest
from selenium.webdriver.common.by import By

from tests.support.browser import DESKTOP, PHONE, Figure, number, show_figure, texts

pytestmark = pytest.mark.part("chapter training")

CHOOSE = """const [figure, kept] = arguments;
    figure.querySelectorAll("input").forEach((box, at) => { if (box.checked !== (kept[at] === "1")) box.click() })"""


class OneStep(Figure):
    """The figure as a reader works it."""

    def choose(self, kept):
        self.page.execute_script(CHOOSE, self.figure, kept)

    def points(self):
        """Return what is drawn, as points of the plane; downwards is positive in a drawing."""
        pairs = self.part(".onestep-path").get_attribute("d").removeprefix("M").split("L")
        return [[float(x), -float(y)] for x, y in (pair.split() for pair in pairs)]

    def reading(self):
        return self.part(".onestep-reading").text


@pytest.fixture(params=[DESKTOP, PHONE])
def onestep(request, browser, address):
    return OneStep(show_figure(browser, address, "onestep", request.param))


def test_each_choice_of_lines_draws_its_walk_and_says_where_it_ends(onestep):
    paths = onestep.data["paths"]
    assert set(paths) == {"".join(kept) for kept in product("10", repeat=4)}
    for kept, walk in paths.items():
        onestep.choose(kept)
        assert onestep.figure.get_attribute("data-kept") == kept
        for drawn, wanted in zip(onestep.points(), walk, strict=True):
            assert drawn == pytest.approx(wanted, abs=1e-4)
        x, y = onestep.reading().split("at (")[1].split(")")[0].split(", ")
        assert [number(x), number(y)] == pytest.approx(walk[-1], abs=0.0051)
        assert f"{onestep.data['above'][kept]:.3f} above the lowest loss" in onestep.reading()


def test_a_walk_that_leaves_the_picture_is_said_to_and_the_whole_one_stands_beside_it(onestep):
    assert onestep.reading().startswith("It ends at (")
    assert onestep.reading().endswith(" above the lowest loss.")
    onestep.choose("1001")
    left, right, bottom, top = onestep.data["frame"]
    walk = onestep.data["paths"]["1001"]
    step = next(n for n, (x, y) in enumerate(walk) if not (left <= x <= right and bottom <= y <= top))
    assert onestep.reading().startswith(f"It left the picture at step {step}. It ends at (")
    assert onestep.reading().endswith(f" (with all lines: {onestep.data['above']['1111']:.3f}).")


def test_a_line_is_struck_out_by_mouse_or_keyboard_and_its_box_is_large_enough(onestep):
    assert texts(onestep.figure, ".onestep-choice") == [
        line[1].strip() for line in onestep.data["lines"] if len(line) > 1
    ]
    for at, box in enumerate(onestep.figure.find_elements(By.CSS_SELECTOR, ".onestep-line input")):
        assert min(box.size.values()) >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
        box.send_keys(" ")
        assert onestep.figure.get_attribute("data-kept")[at] == "0"
        struck = onestep.page.execute_script(
            "return getComputedStyle(arguments[0].closest('label').querySelector('.onestep-choice')).textDecorationLine",
            box,
        )
        assert struck == "line-through"
    onestep.part(".onestep-line input").find_element(By.XPATH, "..").click()
    assert onestep.figure.get_attribute("data-kept") == "1000"
