"""The sample class is graded by nbgrader in a course of its own, and nothing of it is in the course of the students."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grading.__main__ import main
from tests.support.course_copy import run, succeed
from tests.support.small_course import MISTAKES, course_for_nbgrader

PLACE = Path("_build/sample")
NOTEBOOK = Path("solutions/sums/sums.ipynb")
MADE = {"autograded", "feedback", "submitted", "verdicts", "gradebook.db", "grades.csv"}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with one student, whose gradebook is elsewhere, and its sample class, both graded."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write(f"\nc.CourseDirectory.db_url = 'sqlite:///{course}/students.db'\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        assert main(["release"]) == 0
        shutil.copytree("exercises/sums", "submitted/ada/sums")
        assert main(["grade"]) == 0
        assert main(["sample"]) == 0
        patch.chdir(PLACE)
        assert main(["grade"]) == 0
    return course


@pytest.fixture(autouse=True)
def _in_the_course(course, monkeypatch):
    monkeypatch.chdir(course)


def students(gradebook: Path) -> set[str]:
    with closing(Gradebook(f"sqlite:///{gradebook}")) as book:
        return {student.id for student in book.students}


def test_the_course_holds_students_alone_and_the_sample_class_its_own(course):
    assert students(course / "students.db") == {"ada"}
    sample = students(course / PLACE / "gradebook.db")
    assert {"reference", "stub", "mistake-mean"} <= sample
    assert "ada" not in sample
    assert {path.name for path in (course / "submitted").iterdir()} == {"ada"}
    assert "reference" not in (course / "grades.csv").read_text("utf8")
    assert {path.name for path in (course / PLACE).iterdir()} >= MADE


def test_each_command_works_there_and_knows_what_is_right(course):
    printed = succeed(course / PLACE, "grading", "table")
    assert printed.splitlines()[-1] == "the sample class: 8 of 8 as they should be"
    with closing(Gradebook(f"sqlite:///{course / PLACE / 'gradebook.db'}")) as book:
        book.find_grade("total", "sums", "sums", "stub").auto_score = 3.0
        book.db.commit()
    done = run(course / PLACE, "grading", "table")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "stub: 3 in total, not 0")
    assert "1 differences, all mended" in succeed(course / PLACE, "grading", "reconcile")


def test_a_student_who_is_called_as_one_of_the_sample_class_is_a_student(course, capfd):
    shutil.copytree("submitted/ada", "submitted/reference")
    assert main(["grade"]) == 0
    assert "as they should be" not in capfd.readouterr().out
    assert students(course / "students.db") == {"ada", "reference"}
    shutil.rmtree("submitted/reference")


def test_who_is_no_longer_of_the_class_goes_and_other_cells_are_taken(course, monkeypatch):
    before = (course / "students.db").read_bytes()
    mistakes = Path("solutions/sums/total/mistakes.py")
    mistakes.write_text(MISTAKES.replace("mean = ", "average = "))
    text = NOTEBOOK.read_text("utf8")
    released = Path("exercises/sums/sums.ipynb")
    released.write_text(
        released.read_text("utf8").replace('"grade_id": "why"', '"grade_id": "wherefore"'), "utf8"
    )
    assert main(["sample"]) == 0
    monkeypatch.chdir(PLACE)
    with closing(Gradebook("sqlite:///gradebook.db")) as book:
        assert {cell.name for cell in book.find_notebook("sums", "sums").solution_cells} == {"wherefore"}
        assert book.assignment_submissions("sums") == []
    assert not list(Path().glob("*/mistake-mean/sums"))
    assert Path("submitted/mistake-average/sums").is_dir()
    monkeypatch.chdir(course)
    assert (course / "students.db").read_bytes() == before
    mistakes.write_text(MISTAKES)
    NOTEBOOK.write_text(text, "utf8")


def test_it_can_be_removed_by_itself(course):
    shutil.rmtree(PLACE)
    assert students(course / "students.db") >= {"ada"}
    assert (course / "solutions/sums/sums.ipynb").is_file()
    assert main(["audit"]) == 0
