"""The beam tree draws every candidate of the search, and its numbers add up."""

import json

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.support.browser import DESKTOP, PHONE, number, page_with, show

COLUMN = 128  # pixels a step, as in beam.js


@pytest.fixture(params=[DESKTOP, PHONE], scope="module")
def tree(request, browser, address):
    show(browser, f"{address}/{page_with('[data-widget=beam]')}", request.param)
    return browser.find_element(By.CSS_SELECTOR, "figure[data-widget=beam]")


def beams(tree):
    return json.loads(tree.find_element(By.CSS_SELECTOR, "script").get_attribute("textContent"))["beams"]


def texts(tree, css):
    return [element.text for element in tree.find_elements(By.CSS_SELECTOR, css)]


@pytest.mark.parametrize("which", range(4))
def test_each_candidate_is_drawn_with_its_score_and_the_best_is_read_out(tree, which):
    Select(tree.find_element(By.TAG_NAME, "select")).select_by_index(which)
    beam = beams(tree)[which]
    candidates = [candidate for level in beam["levels"] for candidate in level]
    assert texts(tree, ".beam-token") == [candidate["text"].strip() for candidate in candidates]
    scores = [candidate["score"] for candidate in candidates]
    assert [number(text) for text in texts(tree, ".beam-score")] == pytest.approx(scores, abs=0.0051)
    look = {False: "beam-dropped", True: "beam-kept"}
    for edge, candidate in zip(tree.find_elements(By.CSS_SELECTOR, ".beam-edge"), candidates, strict=True):
        assert edge.get_attribute("class").split()[1] == (
            "beam-best" if candidate["best"] else look[candidate["kept"]]
        )
    text, score = beam["found"]
    assert texts(tree, ".beam-reading") == [
        f"Best of width {beam['width']}: “{text.strip()}”, score {score:.2f}".replace("-", "−")
    ]


def test_no_two_names_of_a_step_overlap(tree):
    Select(tree.find_element(By.TAG_NAME, "select")).select_by_index(3)
    boxes = sorted(
        (box.rect["x"] // COLUMN, box.rect["y"], box.rect["height"])
        for box in tree.find_elements(By.TAG_NAME, "text")
    )
    steps = [(one, other) for one, other in zip(boxes, boxes[1:], strict=False) if one[0] == other[0]]
    assert len(steps) > 20
    assert all(
        one[1] + one[2] <= other[1] + 3 for one, other in steps
    )  # 3: white space inside a line of text


def test_every_beam_keeps_at_most_its_width_and_never_scores_below_a_narrower_one_here(tree):
    found = [beam["found"][1] for beam in beams(tree)]
    assert found == sorted(found)
    for beam in beams(tree):
        before = [{"score": 0.0, "kept": True}]
        for level in beam["levels"]:
            assert sum(candidate["kept"] for candidate in level) <= beam["width"]
            assert all(candidate["score"] < before[candidate["parent"]]["score"] for candidate in level)
            assert all(before[candidate["parent"]]["kept"] for candidate in level)
            worst = min(candidate["score"] for candidate in level if candidate["kept"])
            assert all(candidate["score"] <= worst for candidate in level if not candidate["kept"])
            before = level
        assert max(candidate["score"] for candidate in before) == pytest.approx(beam["found"][1], abs=1e-3)
