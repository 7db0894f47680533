"""The beam tree draws every candidate of the search, and its numbers add up."""

import json
from functools import cache

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.support.browser import DESKTOP, PHONE, attributes, number, page_with, show_figure, texts
from tests.support.built_book import pages

pytestmark = pytest.mark.part("chapter decoding")

COLUMN = 128  # pixels a step, as in beam.js
BOXES = """return [...arguments[0].querySelectorAll("text")].map((text) => {
    const box = text.getBoundingClientRect();
    return [box.x, box.y, box.height];
})"""


@pytest.fixture(params=[DESKTOP, PHONE])
def tree(request, browser, address):
    return show_figure(browser, address, "beam", request.param)


@cache
def beams():
    page = pages()[page_with("[data-widget=beam]")]
    return json.loads(page.select_one("figure[data-widget=beam] script").string)["beams"]


def look(candidate):
    return "beam-best" if candidate["best"] else "beam-kept" if candidate["kept"] else "beam-dropped"


def test_each_candidate_is_drawn_with_its_score_and_the_best_is_read_out(tree):
    assert len(beams()) == 4
    for which, beam in enumerate(beams()):
        Select(tree.find_element(By.TAG_NAME, "select")).select_by_index(which)
        candidates = [candidate for level in beam["levels"] for candidate in level]
        assert texts(tree, ".beam-token") == [candidate["text"].strip() for candidate in candidates]
        scores = [candidate["score"] for candidate in candidates]
        assert [number(text) for text in texts(tree, ".beam-score")] == pytest.approx(scores, abs=0.0051)
        looks = [classes.split()[1] for classes in attributes(tree, ".beam-edge", "class")]
        assert looks == [look(candidate) for candidate in candidates]
        text, score = beam["found"]
        assert texts(tree, ".beam-reading") == [
            f"Best of width {beam['width']}: “{text.strip()}”, score {score:.2f}".replace("-", "−")
        ]


def test_no_two_names_of_a_step_overlap(tree):
    Select(tree.find_element(By.TAG_NAME, "select")).select_by_index(3)
    boxes = sorted((x // COLUMN, y, height) for x, y, height in tree.parent.execute_script(BOXES, tree))
    steps = [(one, other) for one, other in zip(boxes, boxes[1:], strict=False) if one[0] == other[0]]
    assert len(steps) > 20
    white = 3  # pixels of white space inside a line of text
    assert all(one[1] + one[2] <= other[1] + white for one, other in steps)


def test_every_beam_keeps_at_most_its_width_and_never_scores_below_a_narrower_one_here():
    found = [beam["found"][1] for beam in beams()]
    assert found == sorted(found)
    for beam in beams():
        before = [{"score": 0.0, "kept": True}]
        for level in beam["levels"]:
            assert sum(candidate["kept"] for candidate in level) <= beam["width"]
            assert all(candidate["score"] < before[candidate["parent"]]["score"] for candidate in level)
            assert all(before[candidate["parent"]]["kept"] for candidate in level)
            worst = min(candidate["score"] for candidate in level if candidate["kept"])
            assert all(candidate["score"] <= worst for candidate in level if not candidate["kept"])
            before = level
        assert max(candidate["score"] for candidate in before) == pytest.approx(beam["found"][1], abs=1e-3)
