"""The phase dials show what lib/positions.py computes, wherever the reader moves the query and the key."""

import math
from itertools import product

import pytest
import torch
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from lib.positions import apply_rope, rope_angles
from tests.support.browser import DESKTOP, PHONE, Figure, attributes, drag, number, show_figure, texts

pytestmark = pytest.mark.part("chapter positions")

K = 16  # features of the head that is shown
ANGLE = 1e-4  # radians, and as much for a score: the page keeps four decimals


class Dials(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.cases, self.last = self.data["cases"], len(self.data["angles"]) - 1
        self.sliders = dict(zip(("query", "key"), self.all(".dials-slider input"), strict=True))

    def all(self, css):
        return self.figure.find_elements(By.CSS_SELECTOR, css)

    def drag(self, name, place):
        drag(self.sliders[name], place)

    def choose(self, case):
        Select(self.part("select")).select_by_index(case)

    def keep_the_distance(self):
        box = self.part("input[type=checkbox]")
        self.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        box.click()

    def places(self):
        return {name: int(slider.get_property("value")) for name, slider in self.sliders.items()}

    def hands(self, name):
        """Return the angles (K/2,) at which the hands of the query or of the key are drawn, in radians."""
        turns = attributes(self.figure, f".dials-{name}", "transform")
        return torch.tensor([math.radians(float(turn[len("rotate(") : -1])) for turn in turns])

    def cosines(self):
        return torch.tensor(
            [number(text.removeprefix("cos ")) for text in texts(self.figure, ".dials-cosine")]
        )

    def score(self):
        return number(self.all(".dials-reading")[0].text.split("score ")[1].split(",")[0])

    def mark(self):
        """Return the distance and the score at which the dot stands on the curve."""
        x, y = self.all(".dials-mark")[0].get_attribute("d").removeprefix("M").removesuffix("h0").split()
        return int(x) - self.last, 1 - float(y)


def head(phases):
    """Return a query or key (1, 1, 1, K) whose pairs are unit vectors at these angles."""
    phases = torch.tensor(phases, dtype=torch.float64)
    return torch.stack([phases.cos(), phases.sin()], dim=-1).view(1, 1, 1, K)


def score_by_lib(case, query, key):
    """Return the mean cosine of the pairs of the turned query and the turned key."""
    turned = [apply_rope(head(case[name]), torch.tensor([p])) for name, p in [("query", query), ("key", key)]]
    return (turned[0] * turned[1]).sum().item() / (K / 2)


@pytest.fixture(params=[DESKTOP, PHONE])
def dials(request, browser, address):
    return Dials(show_figure(browser, address, "dials", request.param))


PLACES = [(12, 7), (7, 12), (0, 0), (100, 0), (63, 100)]


def test_hands_cosines_and_score_are_those_of_the_library(dials):
    for (number_of_case, case), (query, key) in product(enumerate(dials.cases), PLACES):
        dials.choose(number_of_case)
        dials.drag("query", query)
        dials.drag("key", key)
        assert dials.places() == {"query": query, "key": key}
        want = {
            name: rope_angles(torch.tensor(p), K) + torch.tensor(case[name])
            for name, p in [("query", query), ("key", key)]
        }
        for name in want:
            torch.testing.assert_close(dials.hands(name), want[name], rtol=0, atol=ANGLE)
        cosines = (want["query"] - want["key"]).cos()
        torch.testing.assert_close(dials.cosines(), cosines, rtol=0, atol=0.0051)
        score = score_by_lib(case, query, key)
        assert dials.score() == pytest.approx(score, abs=0.0051)
        distance, marked = dials.mark()
        assert distance == query - key
        assert marked == pytest.approx(score, abs=ANGLE)


def test_moving_both_turns_every_hand_and_changes_no_angle_between_two(dials):
    apart, query, score = dials.hands("query") - dials.hands("key"), dials.hands("query"), dials.score()
    dials.keep_the_distance()
    dials.drag("query", 60)
    assert dials.places() == {"query": 60, "key": 55}
    assert (dials.hands("query") - query > 0.01).all()
    torch.testing.assert_close(dials.hands("query") - dials.hands("key"), apart, rtol=0, atol=2 * ANGLE)
    assert dials.score() == score


@pytest.mark.parametrize(("name", "place", "want"), [("query", 0, (5, 0)), ("key", 100, (100, 95))])
def test_the_distance_is_kept_at_both_ends_too(dials, name, place, want):
    dials.keep_the_distance()
    dials.drag(name, place)
    assert dials.places() == dict(zip(("query", "key"), want, strict=True))


def test_the_arrow_keys_move_query_and_key(dials):
    dials.sliders["query"].send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    dials.sliders["key"].send_keys(Keys.ARROW_LEFT)
    assert dials.places() == {"query": 14, "key": 6}
    assert dials.mark()[0] == 8
    assert dials.all(".dials-reading")[0].text.startswith("Query at 14, key at 6, 8 before it: score ")


def test_the_curve_holds_the_scores_of_every_distance(dials):
    for number_of_case, case in enumerate(dials.cases):
        dials.choose(number_of_case)
        points = dials.all(".dials-line")[0].get_attribute("d").removeprefix("M").split("L")
        drawn = {int(x) - dials.last: 1 - float(y) for x, y in (point.split() for point in points)}
        assert sorted(drawn) == list(range(-dials.last, dials.last + 1))
        for distance in (-100, -3, 0, 3, 41, 100):
            query, key = max(distance, 0), max(-distance, 0)
            assert drawn[distance] == pytest.approx(score_by_lib(case, query, key), abs=ANGLE)


def test_a_finger_can_hold_the_sliders(dials):
    for slider in dials.sliders.values():
        assert slider.rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
        assert slider.rect["width"] >= 200
