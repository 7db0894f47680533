"""Where the time of continuous integration goes: what belongs to whom, and what is too much."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks import ci
from grading.assignment import assignment_names
from tests.support.parts import ASSIGNMENT, CHAPTER, EVERY_CHAPTER, chapters, page_of

NAMES, PAGES = assignment_names(), {name: page_of(name) for name in chapters()}
TOOK = "{} took 1.0 s, {} s of processor time"
STEPS = {
    "environment": 200,
    "book": 100,
    "release": 30,
    "class": 2 * len(NAMES),
    "grade": 60,
    "lint": 5,
    "tests": 300,
}
CASE = (
    '<testcase classname="{}" name="x" time="1"><properties>'
    '<property name="processor" value="{}"/><property name="part" value="{}"/></properties></testcase>'
)


@pytest.fixture
def build(tmp_path) -> Path:
    """What a run has left: 4 tests that took 600 s of processor time."""
    (tmp_path / "seconds").mkdir()
    for step, seconds in STEPS.items():
        (tmp_path / "seconds" / step).write_text(f"{seconds}\n")
    lines = [f"{name}: {TOOK.format('GenerateAssignment', 6.0)}\nada: 1 of 2 points" for name in NAMES]
    first = f"{NAMES[0]}: {TOOK.format('GenerateAssignment', 99.0)}"
    (tmp_path / "release.log").write_text("\n".join([first, *lines]))
    graded = [
        (name, TOOK.format(*step))
        for name in NAMES
        for step in (("Autograde", 17.0), ("GenerateFeedback", 3.0))
    ]
    (tmp_path / "grade.log").write_text("".join(f"{name}: {took}\n" for name, took in graded))
    processor = tmp_path / "processor_seconds"
    processor.mkdir()
    for page in PAGES.values():
        (processor / page).write_text("40.0\n")
    (processor / "all pages").write_text(f"{10 * len(PAGES)}\n")
    cases = [
        ("tests.grading.test_solutions", 100, f"{ASSIGNMENT} {NAMES[0]}"),
        ("tests.book.test_pages", 60 * len(PAGES), EVERY_CHAPTER),
        ("lib.ngram", 440 - 60 * len(PAGES), "fixed"),
        ("check.compare", 60, "fixed"),
    ]
    text = "".join(CASE.format(*case) for case in cases)
    (tmp_path / "tests.xml").write_text(f"<testsuites><testsuite>{text}</testsuite></testsuites>")
    return tmp_path


def test_an_assignment_and_a_chapter_take_what_each_step_takes_for_them(build):
    costs = ci.read_costs(build)
    assert costs.parts[ASSIGNMENT][NAMES[0]] == {"release": 3.0, "class": 2.0, "grade": 10.0, "tests": 50.0}
    assert costs.parts[ASSIGNMENT][NAMES[1]] == {"release": 3.0, "class": 2.0, "grade": 10.0, "tests": 0.0}
    assert set(costs.parts[CHAPTER]) == set(PAGES)
    assert {tuple(part.items()) for part in costs.parts[CHAPTER].values()} == {
        (("book", 20.0 + 10.0), ("tests", 30.0))
    }
    assert costs.folders == Counter(
        {"tests/grading": 50, "tests/book": 30 * len(PAGES), "lib": 220 - 30 * len(PAGES), "check": 30}
    )


def test_what_is_no_part_is_fixed_and_parts_are_counted_as_planned(build):
    costs, a, c = ci.read_costs(build), len(NAMES), len(PAGES)
    assert costs.fixed(("environment", "lint")) == 205
    assert costs.planned(("environment", "lint")) == 205
    assert costs.fixed(("release", "grade")) == pytest.approx(90 - 13 * a)
    assert costs.planned(("release", "grade")) == pytest.approx(90 - 13 * a + 17 * 13)
    assert costs.planned(("tests",)) == pytest.approx(300 - 50 - 30 * c + 17 * 50 / a + 35 * 30)


def test_what_takes_half_as_much_again_as_its_share_is_named(build):
    costs = ci.Costs(
        {}, {ASSIGNMENT: {"a": {"tests": 67.0}, "b": {"tests": 60.0, "grade": 8.0}}, CHAPTER: {}}
    )
    assert ci.over_share(costs) == [
        "the assignment b takes 68 s of continuous integration; its share is 45 s"
    ]
    costs = ci.Costs({}, {ASSIGNMENT: {}, CHAPTER: {"c": {"book": 29.0}, "d": {"book": 31.0}}})
    assert ci.over_share(costs) == ["the chapter d takes 31 s of continuous integration; its share is 20 s"]
    assert ci.over_share(costs, slowness=1.1) == []
    assert ci.slowness() >= 1


def test_the_report_has_every_step_folder_and_part(build):
    text = ci.report(ci.read_costs(build))
    for word in (
        *STEPS,
        "tests/grading",
        *NAMES,
        *PAGES,
        "of 45",
        "of 20",
        "make course: 6.",
        "make test: 1",
    ):
        assert word in text


def test_without_a_whole_run_it_says_what_is_missing(build):
    (build / "seconds" / "grade").unlink()
    with pytest.raises(SystemExit, match="what grade takes is not known yet; run: make test"):
        ci.read_costs(build)
