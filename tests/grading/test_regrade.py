"""Grading again: no old grade survives a failure, nobody's failure touches another, a human's points stay."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

import grading.bridge.batch
from grading.judge.judge import grade
from grading.verdict import GRADER_ERROR
from tests.support.course_copy import NAME, ROOT, copy_course, run, succeed
from tests.support.spoilt import FULL

NONE = dict.fromkeys(FULL)
WRONG = "\ndef causal_mask(T, S=None):\n    return torch.ones(T, S or T).bool()\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which anna, bob and carl have handed in the reference and been graded."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    succeed(course, "nbgrader", "generate_assignment", NAME)
    for student in ("anna", "bob", "carl"):
        folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
        shutil.copy(ROOT / "lib" / "attention.py", folder / "lib")
    succeed(course, "nbgrader", "autograde", NAME)
    succeed(course, "nbgrader", "generate_feedback", NAME)
    return course


@pytest.fixture
def course(graded, tmp_path, monkeypatch) -> Path:
    """A copy of that course to spoil, as the working directory."""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    monkeypatch.chdir(course)
    return course


def open_book(course: Path) -> Gradebook:
    return closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm"))


def grades(course: Path) -> dict[str, dict[str, float | None]]:
    with open_book(course) as book:
        return {
            row.student.id: {grade.name: grade.auto_score for grade in row.grades if grade.name in FULL}
            for row in book.notebook_submissions(NAME, NAME)
        }


def waiting(course: Path, student: str) -> set[str]:
    with open_book(course) as book:
        found = book.find_submission_notebook(NAME, NAME, student).grades
        return {grade.name for grade in found if grade.needs_manual_grade}


def hand_in_again(course: Path, student: str, more: str = "\n# changed\n") -> None:
    with open(course / "submitted" / student / NAME / "lib" / "attention.py", "a") as file:
        file.write(more)


def pages(course: Path) -> set[str]:
    return {path.parent.parent.name for path in course.glob(f"feedback/*/{NAME}/*.html")}


def api(course: Path) -> NbGraderAPI:
    """Return what the formgrader uses."""
    app = NbGrader()
    app.initialize([])
    return NbGraderAPI(coursedir=CourseDirectory(parent=app), parent=app)


def autograde(course: Path) -> str:
    """Grade what is new, as the command does but in this process, hold that it succeeds, and return the log."""
    result = api(course).autograde(NAME, "*", force=False)
    assert result["success"], result
    return result["log"]


def test_worse_work_gets_a_worse_grade(course):
    hand_in_again(course, "bob", WRONG)
    said = autograde(course)
    assert "anna: unchanged" in said
    assert grades(course) == {"anna": FULL, "bob": {**FULL, "masks": 2.0}, "carl": FULL}
    assert pages(course) == {"anna", "carl"}


def test_a_grade_that_cannot_be_written_is_no_grade_and_the_others_go_on(course):
    for student in ("anna", "bob", "carl"):
        hand_in_again(course, student)
    shutil.rmtree(course / "autograded" / "bob")
    (course / "autograded" / "bob").write_text("in the way")
    done = run(course, "nbgrader", "autograde", NAME)
    assert done.returncode == 1
    assert "bob: not graded, NotADirectoryError" in done.stdout
    assert "Traceback" not in done.stdout
    assert grades(course) == {"anna": FULL, "bob": NONE, "carl": FULL}
    assert waiting(course, "bob") >= set(FULL)


def test_without_a_sandbox_nothing_is_graded_and_nothing_changes(course, tmp_path):
    hand_in_again(course, "bob", WRONG)
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    (tmp_path / "bin").mkdir()
    done = run(course, "nbgrader", "autograde", NAME, PATH=str(tmp_path / "bin"))
    assert done.returncode == 1
    assert "bubblewrap" in done.stdout
    assert "Traceback" not in done.stdout
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


def test_a_judge_that_fails_halfway_leaves_no_old_grade(course, monkeypatch):
    def half(*arguments):
        yield from [next(grade(*arguments))]
        raise RuntimeError("the machine is on fire")

    monkeypatch.setattr(grading.bridge.batch, "grade", half)
    result = api(course).autograde(NAME, "*")
    assert not result["success"]
    assert "carl: not graded, RuntimeError: the machine is on fire" in result["log"]
    assert grades(course) == {"anna": FULL, "bob": NONE, "carl": NONE}
    assert pages(course) == set()


def test_an_exercise_in_which_the_grader_failed_has_no_points_and_is_graded_again(course, monkeypatch):
    def failing(*arguments):
        for submission, verdict in grade(*arguments):
            marks = [
                replaced(mark) if submission.student == "bob" and mark.exercise == "heads" else mark
                for mark in verdict.marks
            ]
            yield submission, type(verdict)(**{**vars(verdict), "marks": tuple(marks)})

    def replaced(mark):
        return type(mark)(**{**vars(mark), "earned": 0, "reason": GRADER_ERROR})

    with monkeypatch.context() as patch:
        patch.setattr(grading.bridge.batch, "grade", failing)
        result = api(course).autograde(NAME, "*")
    assert not result["success"]
    assert "bob: no points in some exercise, since the judge itself failed" in result["log"]
    assert grades(course) == {"anna": FULL, "bob": {**FULL, "heads": None}, "carl": FULL}
    assert waiting(course, "bob") == {"heads"}
    said = autograde(course)
    assert said.count("unchanged") == 2
    assert grades(course)["bob"] == FULL


def test_a_gradebook_that_was_lost_or_altered_is_filled_again(course):
    with open_book(course) as book:
        book.find_grade("heads", NAME, NAME, "bob").auto_score = 1000.0
        book.db.commit()
    said = autograde(course)
    assert said.count("unchanged") == 2
    assert grades(course)["bob"] == FULL
    (course / "gradebook.db").unlink()
    assert "run: nbgrader generate_assignment" in run(course, "nbgrader", "autograde", NAME).stdout
    succeed(course, "nbgrader", "generate_assignment", NAME)
    autograde(course)
    assert grades(course) == dict.fromkeys(("anna", "bob", "carl"), FULL)


def test_what_the_exchange_needs_is_added_to_work_that_an_older_version_graded(course):
    for path in course.glob("autograded/*/*/submission_secret.txt"):
        path.unlink()
    assert autograde(course).count("unchanged") == 3
    assert len(list(course.glob("autograded/*/*/submission_secret.txt"))) == 3


def test_a_new_release_keeps_grades_and_cells(course):
    before = (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    succeed(course, "nbgrader", "generate_assignment", NAME)
    assert (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes() == before
    assert autograde(course).count("unchanged") == 3


def test_points_that_a_human_gave_stay_and_are_looked_at_again(course):
    with open_book(course) as book:
        given = book.find_grade("masks", NAME, NAME, "bob")
        given.manual_score, given.needs_manual_grade = 5.0, False
        book.db.commit()
    hand_in_again(course, "bob")
    autograde(course)
    with open_book(course) as book:
        assert book.find_submission(NAME, "bob").score == 39.0
    assert "masks" in waiting(course, "bob")


def test_late_work_is_penalised_as_nbgrader_is_configured(course):
    with open_book(course) as book:
        book.update_or_create_assignment(NAME, duedate=datetime(2026, 1, 1))
    (course / "submitted" / "bob" / NAME / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    succeed(course, "nbgrader", "autograde", NAME, "--LateSubmissionPlugin.penalty_method=zero")
    with open_book(course) as book:
        assert book.find_submission(NAME, "bob").late_submission_penalty == 40.0
        assert book.find_submission(NAME, "anna").late_submission_penalty == 0.0


def test_the_formgrader_lists_and_grades(course):
    formgrader = api(course)
    hand_in_again(course, "bob", WRONG)
    (course / "submitted" / "bob" / NAME / "timestamp.txt").write_text("yesterday, I think")
    assert formgrader.autograde(NAME, "bob")["success"]
    assert formgrader.generate_feedback(NAME, "bob")["success"]
    listed = {row["student"]: row for row in formgrader.get_submissions(NAME)}
    assert {student: row["score"] for student, row in listed.items()} == {"anna": 40, "bob": 36, "carl": 40}
    assert all(row["autograded"] for row in listed.values())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["autograde", "atention"], "there is no assignment 'atention'; there is attention"),
        (["autograde", NAME, "--student=dora"], "there is no submission of 'attention' at "),
    ],
)
def test_what_is_not_there_gets_one_sentence(course, arguments, sentence):
    done = run(course, "nbgrader", *arguments)
    assert done.returncode == 1
    assert sentence in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_an_excluded_student_is_left_alone(course):
    said = succeed(course, "nbgrader", "autograde", NAME, "--CourseDirectory.student_id_exclude=bob,carl")
    assert "anna" in said
    assert "bob" not in said


def test_validate_says_what_a_student_still_has_to_do(course, tmp_path):
    folder = Path(shutil.copytree(course / "exercises" / NAME, tmp_path / "alone"))
    notebook = folder / f"{NAME}.ipynb"
    said = succeed(folder, "nbgrader", "validate", notebook.name)
    assert "VALIDATION FAILED ON 7 CELL(S)" in said
    assert "write causal_mask() in lib/attention.py" in said
    shutil.copy(ROOT / "lib" / "attention.py", folder / "lib")
    notebook.write_text(notebook.read_text("utf8").replace("YOUR ANSWER HERE", "Mine."), "utf8")
    assert "Success! Your notebook passes all the tests." in succeed(
        folder, "nbgrader", "validate", notebook.name
    )
