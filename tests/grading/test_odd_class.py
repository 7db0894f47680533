"""Odd ids, odd places, snapshots and locked files, through the commands: right work keeps its points, trouble is no zero."""

import csv
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.support.course_copy import run, succeed
from tests.support.odd_class import (
    ANSWER,
    FORMS,
    FULL,
    IDS,
    LOCKED,
    PNG,
    hand_in,
    lay_class,
    run_without_privilege,
)
from tests.support.small_course import course_for_nbgrader

NOTHING = dict.fromkeys(FULL, 0.0)
RIGHT = (*IDS, *FORMS, "no-answer")


class Story:
    """The course after each step: graded, graded again as a snapshot, and with files that cannot be read."""

    def __init__(self, course: Path):
        self.course = course
        course_for_nbgrader(course)
        succeed(course, "grading", "release")
        lay_class(course)
        self.printed = succeed(course, "grading", "grade")
        self.graded = self.points()
        self.pages = {
            path.parts[-3]: path.read_text("utf8") for path in course.glob("feedback/*/sums/sums.html")
        }
        shutil.copytree(course / "submitted", course.parent / "snapshot", copy_function=os.link)
        succeed(course, "nbgrader", "autograde", "sums", "--force")
        self.in_snapshot = self.points()
        self._lock()

    def _lock(self) -> None:
        """Let several students hand in what cannot be read, and two what is one file; grade only by modes."""
        submitted = self.course / "submitted"
        for student, (mode, path) in LOCKED.items():
            hand_in(self.course, f"locked-{student}")
            (submitted / f"locked-{student}" / path).chmod(mode)
        thief = hand_in(self.course, "thief", lambda folder: (folder / "lib/sums.py").unlink())
        os.link(submitted / "plain/sums/lib/sums.py", thief / "sums.py")
        hand_in(self.course, "linked-reference", self._link_reference)
        self.locked = run_without_privilege(self.course, "grading", "grade")
        self.held = self.points()
        succeed(self.course, "grading", "export")

    def _link_reference(self, folder: Path) -> None:
        (folder / "lib/sums.py").unlink()
        os.link(self.course / "lib/sums.py", folder / "lib/sums.py")

    def points(self) -> dict[str, dict[str, float | None]]:
        """Return everybody's automatic scores of tests and, as "why", of the answer."""
        with closing(Gradebook(f"sqlite:///{self.course}/gradebook.db", "llm")) as book:
            rows = book.notebook_submissions("sums", "sums")
            return {row.student.id: {grade.name: grade.auto_score for grade in row.grades} for row in rows}


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    return Story(tmp_path_factory.mktemp("odd") / "course")


@pytest.mark.parametrize("student", RIGHT)
def test_right_work_has_all_points_whatever_its_id_and_its_place(story, student):
    assert {name: story.graded[student][name] for name in FULL} == FULL
    assert story.graded[student]["why"] == (0.0 if student == "no-answer" else None)


@pytest.mark.parametrize("student", RIGHT)
def test_everybody_has_a_page_with_the_answer(story, student):
    assert student in story.pages
    if student not in ("no-answer", "no-notebook", "broken-notebook", "picture"):
        assert ANSWER in story.pages[student]


def test_a_picture_is_in_the_page_and_one_that_is_missing_is_named(story):
    assert f"data:image/png;base64,{PNG}" in story.pages["picture"]
    assert "a picture that is not in the notebook: b.png" in story.pages["picture"]


def test_what_form_costs_stands_out_in_the_table(story):
    rows = {line.split("  ")[0]: line for line in story.printed.splitlines()}
    assert rows["no-module"].endswith("0 FOR FORM")
    assert rows["nested"].endswith("see below")
    assert rows["plain"].split()[-1] == "1"
    assert "no-module: lib/sums.py is missing" in story.printed
    assert "no-notebook: sums.ipynb is missing" in story.printed
    assert "browser: sums.ipynb is missing; sums (1).ipynb was read in its place" in story.printed


def test_two_spellings_are_named(story):
    assert "'Case' and 'case' may be one student" in story.printed


def test_a_snapshot_by_hard_links_changes_no_mark(story):
    assert story.in_snapshot == story.graded


@pytest.mark.parametrize("student", [f"locked-{name}" for name in LOCKED])
def test_what_the_grader_cannot_read_is_no_zero(story, student):
    assert set(story.held[student].values()) == {None}
    assert story.locked.returncode == 1
    assert f"{student}: not graded: " in story.locked.stdout
    assert "Permission denied" in story.locked.stdout


def test_it_harms_nobody_else(story):
    others = {student: points for student, points in story.graded.items() if student != "plain"}
    assert {student: story.held[student] for student in others} == others


def test_one_file_of_two_students_is_a_matter_for_a_human(story):
    for student in ("plain", "thief"):
        assert set(story.held[student].values()) == {None}
        assert f"{student}: not graded: " in story.locked.stdout


def test_a_link_to_the_reference_earns_nothing(story):
    assert {name: story.held["linked-reference"][name] for name in FULL} == NOTHING


@pytest.mark.parametrize("file", ["grades.csv", "reports/sums-csv.csv"])
def test_every_name_is_whole_in_every_export_and_trouble_is_blank(story, file):
    with open(story.course / file, encoding="utf8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    scores = {row.get("student_id", row.get("student")): row["score"] for row in rows}
    assert set(scores) == set(story.held)
    held = {"plain", "thief", *(f"locked-{name}" for name in LOCKED)}
    assert {student for student, score in scores.items() if not score} == held
    assert {float(scores[student]) for student in RIGHT if student != "plain"} == {12.0}


def test_grading_one_again_touches_no_other_s_page(story):
    there = {path.parts[-3] for path in story.course.glob("feedback/*/sums/sums.html")}
    assert "Doe, John" in there
    done = run_without_privilege(story.course, "grading", "regrade", "sums", "case")
    assert "case" in done.stdout
    assert {path.parts[-3] for path in story.course.glob("feedback/*/sums/sums.html")} == there - {"case"}


def test_ids_that_nbgrader_cannot_handle_are_refused_by_name_before_anything_runs(story):
    before = story.points()
    odd = ("student[8]", "a*b", "what?", ".student16", "-student06", "=1+1", "two\nlines")
    folders = [hand_in(story.course, student) for student in odd]
    link = story.course / "submitted" / "on-another-drive"
    link.symlink_to(story.course / "not-mounted")
    done = run(story.course, "grading", "grade")
    link.unlink()
    for folder in folders:
        shutil.rmtree(folder.parent)
    assert done.returncode == 1
    assert "rename or mend these folders first" in done.stdout
    assert [student for student in odd if student.replace("\n", "\\n") not in done.stdout] == []
    assert "on-another-drive/sums is a link that leads nowhere" in done.stdout
    assert story.points() == before


def test_a_list_of_students_with_a_byte_order_mark_and_capital_letters_is_read_and_warned_of(story):
    (story.course / "roster.csv").write_text('\ufeff"id","last_name"\n"NESTED","Lee, Ann"\n', "utf8")
    said = succeed(story.course, "nbgrader", "db", "student", "import", "roster.csv")
    assert "'NESTED' and 'nested' may be one student" in said
    with closing(Gradebook(f"sqlite:///{story.course}/gradebook.db", "llm")) as book:
        assert book.find_student("NESTED").last_name == "Lee, Ann"
