"""One mistake costs once, all the way: graded, in the gradebook, on the page, in the record and in the check at home."""

import csv
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from check import check, read_key
from check.allowance import NOTHING, USUAL
from check.mark import CARRIED, ERROR, PASSED, WRONG
from grading.record import latest, read
from grading.reports.reconcile import contradictions
from grading.verdict import Verdict
from tests.support.chained_course import chained_course, source
from tests.support.course_copy import run, succeed

NAMES = ("total", "share")
# What is wrong in whose work, and the points of total (3) and share (4) with and without forgiveness.
CLASS = {
    "right": ({}, (3, 4), (3, 4)),
    "doubled": ({"total": "twice_too_large"}, (1, 4), (0, 0)),
    "mean": ({"total": "mean"}, (1, 4), (1, 0)),
    "raises": ({"total": "needs_rows"}, (2, 4), (2, 2)),
    "no-work": ({"total": "first"}, (0, 0), (0, 0)),
    "inverted": ({"share": "inverted"}, (3, 2), (3, 0)),
    "flat": ({"share": "flat"}, (3, 2), (3, 2)),
    "two-faults": ({"total": "twice_too_large", "share": "flat"}, (1, 2), (0, 0)),
    "undone": ({"total": "twice_too_large", "share": "stub"}, (1, 0), (0, 0)),
    "raises-undone": ({"total": "needs_rows", "share": "stub"}, (2, 0), (2, 0)),
    "nothing": ({"total": "stub", "share": "stub"}, (0, 0), (0, 0)),
}
REASONS = {
    "doubled": [WRONG, WRONG, CARRIED, CARRIED],
    "raises": [ERROR, PASSED, PASSED, CARRIED],
    "two-faults": [WRONG, WRONG, WRONG, CARRIED],
    "undone": [WRONG, WRONG, ERROR, ERROR],
}


class Course:
    """The chained course with the class above, graded and with feedback."""

    def __init__(self, root: Path):
        self.root = root
        chained_course(root)
        succeed(root, "nbgrader", "generate_assignment", "sums")
        for student, (changes, *_) in CLASS.items():
            folder = root / "submitted" / student / "sums"
            shutil.copytree(root / "exercises" / "sums", folder)
            (folder / "lib" / "sums.py").write_text(source(**changes), "utf8")
        self.said = succeed(root, "grading", "grade", "sums")

    def points(self) -> dict[str, tuple[float, ...]]:
        with Gradebook(f"sqlite:///{self.root}/gradebook.db", "llm") as book:
            rows = {row.student.id: row.grades for row in book.notebook_submissions("sums", "sums")}
            found = {
                student: {grade.name: grade.auto_score for grade in grades}
                for student, grades in rows.items()
            }
        return {student: tuple(grades[name] for name in NAMES) for student, grades in found.items()}

    def verdict(self, student: str) -> Verdict:
        return latest(read(self.root, "sums")[0])[student].verdict

    def page(self, student: str) -> str:
        html = (self.root / "feedback" / student / "sums" / "sums.html").read_text("utf8")
        return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    return Course(tmp_path_factory.mktemp("course"))


def test_the_gradebook_has_the_points_that_came_back(course):
    assert course.points() == {student: usual for student, (_, usual, _) in CLASS.items()}


@pytest.mark.parametrize(("student", "reasons"), REASONS.items())
def test_a_mark_says_that_it_was_carried(course, student, reasons):
    marks = course.verdict(student).marks
    assert [mark.reason for mark in marks if mark.exercise in NAMES] == reasons
    assert {mark.given for mark in marks if mark.reason == CARRIED} <= {"total"}


def test_the_page_says_what_came_back_and_why(course):
    said = course.page("doubled")
    assert said.count("The hint of twice_too_large.") == 1
    assert "All that fails here is one known mistake, which does not cost the whole exercise. 1 back" in said
    assert (
        said.count(
            "carried : right with your total , whose mistake is a known one and costs points only there"
        )
        == 2
    )
    assert "back" not in course.page("right")
    assert "carried" not in course.page("no-work")


def test_the_table_and_the_export_count_what_came_back(course):
    rows = {words[0]: words[1:] for words in map(str.split, course.said.splitlines()) if words}
    assert rows["student"][-3:] == ["form", "forgiven", "mistake"]
    assert rows["doubled"][-2:] == ["5", "twice_too_large"]
    assert rows["no-work"][-2:] == ["9", "first"]  # the score, and nothing forgiven
    succeed(course.root, "grading", "export", "sums")
    with open(course.root / "reports" / "sums-csv.csv", encoding="utf8", newline="") as file:
        scores = {row["student"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    assert scores == {student: sum(usual) + 9 for student, (_, usual, _) in CLASS.items()}


@pytest.mark.parametrize("student", CLASS)
def test_the_check_at_home_gives_what_grading_gives(course, student, capsys):
    folder = course.root / "submitted" / student / "sums"
    assert tuple(check(name, folder) for name in NAMES) == CLASS[student][1]
    printed = capsys.readouterr().out
    assert ("+ 1 points: all that fails here is one known mistake" in printed) == (
        CLASS[student][1][0] == 1 != CLASS[student][2][0]
    )
    if student == "doubled":
        assert printed.count("carried, right with your total, whose mistake is a known one") == 2
        assert check("share_of_rows", folder) == 2.0
        assert check("total_of_one", folder) == 0.0


def test_a_record_comes_back_as_it_was_and_holds_the_settings(course):
    for student in CLASS:
        verdict = course.verdict(student)
        assert Verdict.from_json(verdict.to_json()) == verdict
        assert verdict.allowance == USUAL


def test_it_can_be_switched_off_and_the_record_knows_both(course, tmp_path):
    off = Course.__new__(Course)
    off.root = Path(shutil.copytree(course.root, tmp_path / "course"))
    settings = ("--KnownMistakes.kept_percent=0", "--KnownMistakes.carried=False")
    succeed(off.root, "nbgrader", "generate_assignment", "sums", *settings)
    assert read_key(off.root / "exercises/sums/expected.safetensors").allowance == NOTHING
    succeed(off.root, "grading", "grade", "sums", *settings)
    assert off.points() == {student: without for student, (*_, without) in CLASS.items()}
    assert {entry.verdict.allowance for entry in latest(read(off.root, "sums")[0]).values()} == {NOTHING}
    assert contradictions(read(off.root, "sums")[0]) == []
    before = len(read(off.root, "sums")[0])
    succeed(off.root, "grading", "grade", "sums", *settings)
    assert len(read(off.root, "sums")[0]) == before  # unchanged work is not graded again


@pytest.mark.parametrize("setting", ["--KnownMistakes.kept_percent=101", "--KnownMistakes.carried=perhaps"])
def test_a_setting_that_cannot_be_is_one_sentence(course, setting):
    done = run(course.root, "nbgrader", "autograde", "sums", setting)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "trait of a KnownMistakes instance" in done.stdout
    assert course.points() == {student: usual for student, (_, usual, _) in CLASS.items()}
