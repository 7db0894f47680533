"""The gradebook follows from the record of verdicts: what does not is found, and made so again."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grading.record import latest, read, record_path
from tests.support.course_copy import run, succeed
from tests.support.small_course import REFERENCE, course_for_nbgrader

NAME = "sums"
FULL = {"total": 3.0, "double": 5.0, "tell": 4.0}
WRONG = "\ndef total(x):\n    return x.sum() + 1\n"
DUE = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which anna, who is late, and bob have been graded; an hour late costs a tenth."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write("\nc.LatePolicy.grace_minutes, c.LatePolicy.percent_per_day = 0, 10\n")
    succeed(course, "nbgrader", "generate_assignment", NAME)
    for student in ("anna", "bob"):
        folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
        (folder / "lib" / "sums.py").write_text(REFERENCE)
    (course / "submitted" / "anna" / NAME / "timestamp.txt").write_text("2026-01-01 01:00:00 UTC")
    with open_book(course) as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
    succeed(course, "nbgrader", "autograde", NAME)
    return course


@pytest.fixture
def course(graded, tmp_path) -> Path:
    """A copy of that course to spoil."""
    return Path(shutil.copytree(graded, tmp_path / "course"))


def open_book(course: Path):
    return closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm"))


def scores(course: Path) -> dict[str, dict]:
    """Return automatic scores, what a human gave, and the penalty, by student."""
    with open_book(course) as book:
        return {
            row.student.id: {
                **{grade.name: (grade.auto_score, grade.manual_score) for grade in row.grades},
                "late": row.late_submission_penalty or 0,
            }
            for row in book.notebook_submissions(NAME, NAME)
        }


def test_audit_finds_what_was_altered_and_reconcile_mends_it(course):
    before = scores(course)
    assert before["anna"]["late"] == pytest.approx(0.1 * sum(FULL.values()))
    assert "2 verdicts, 0 differences" in succeed(course, "grading", "audit", NAME)
    with open_book(course) as book:
        book.find_grade("double", NAME, NAME, "bob").auto_score = 1000.0
        book.find_grade("total", NAME, NAME, "anna").auto_score = None
        book.find_submission_notebook(NAME, NAME, "anna").late_submission_penalty = 0
        book.db.commit()
    done = run(course, "grading", "audit", NAME)
    assert done.returncode == 1
    assert "bob: double is 1000 in the gradebook, 5 in the record" in done.stdout
    assert "anna: total is no points in the gradebook, 3 in the record" in done.stdout
    assert "2 differences, all mended" in succeed(course, "grading", "reconcile", NAME)
    assert scores(course) == before


def test_a_lost_gradebook_is_rebuilt_from_the_record_alone(course):
    before = scores(course)
    for lost in ("submitted", "autograded", "gradebook.db"):
        path = course / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = run(course, "grading", "audit", NAME)
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
    assert "run: nbgrader generate_assignment" in done.stdout
    succeed(course, "nbgrader", "generate_assignment", NAME)
    with open_book(course) as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
    assert "bob: has a verdict in the record" in run(course, "grading", "audit", NAME).stdout
    succeed(course, "grading", "reconcile", NAME)
    succeed(course, "grading", "audit", NAME)
    after = scores(course)
    for student in before:
        names = [*FULL, "late"]
        assert {name: after[student][name] for name in names} == {n: before[student][n] for n in names}


def test_a_score_without_a_verdict_is_found_and_taken_away(course):
    record_path(course, NAME).unlink()
    done = run(course, "grading", "audit", NAME)
    assert "bob: double is 5 in the gradebook, no points in the record" in done.stdout
    succeed(course, "grading", "reconcile", NAME)
    assert scores(course)["bob"]["double"] == (None, None)


def test_what_a_human_gave_stays_and_is_said(course):
    with open_book(course) as book:
        book.find_grade("total", NAME, NAME, "bob").manual_score = 2.5
        book.db.commit()
    assert "bob: total was given 2.5 by a human" in succeed(course, "grading", "audit", NAME)
    succeed(course, "grading", "reconcile", NAME)
    assert scores(course)["bob"]["total"] == (3.0, 2.5)


def test_regrade_uses_the_recorded_seed_unless_another_is_asked_for(course):
    old = latest(read(course, NAME)[0])
    assert "0 changes" in succeed(course, "grading", "regrade", NAME)
    entries = read(course, NAME)[0]
    assert {entry.student: entry.verdict for entry in entries[2:]} == {n: old[n].verdict for n in old}
    with open(course / "submitted" / "bob" / NAME / "lib" / "sums.py", "a") as file:
        file.write(WRONG)
    said = succeed(course, "grading", "regrade", NAME, "bob", "--seed", "fresh")
    assert "bob: total, total_of_one: 1 (passed) before, 0 (wrong" in said
    assert "anna" not in said
    after = latest(read(course, NAME)[0])
    assert after["bob"].verdict.seed != old["bob"].verdict.seed
    assert after["anna"] == latest(entries)["anna"]
    succeed(course, "grading", "audit", NAME)
    done = run(course, "grading", "regrade", NAME, "dora")
    assert (done.returncode, done.stdout) == (1, "there is no submission of 'sums' by dora\n")


def test_a_student_who_was_removed_does_not_come_back(course):
    with open_book(course) as book:
        book.remove_student("bob")
    for verb in ("audit", "reconcile", "audit"):
        said = succeed(course, "grading", verb, NAME)
        assert "0 differences" in said
    assert "bob: was taken out of the gradebook" in said
    assert list(scores(course)) == ["anna"]
