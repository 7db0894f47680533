"""A gradebook that is old, locked, shared by two gradings or on a full disk costs nobody a score, and one sentence."""

import errno
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nbgrader
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

import grading.bridge.batch
from grading.bridge import patience
from tests.support.course_copy import run, succeed
from tests.support.small_course import REFERENCE, course_for_nbgrader

NAME, STUDENTS, FULL = "sums", ("ada", "bob", "eve"), 12.0
OLD = Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / "gradebook.db"  # which nbgrader 0.5 made


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which three students have everything right."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    succeed(course, "nbgrader", "generate_assignment", NAME)
    for student in STUDENTS:
        folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
        (folder / "lib" / "sums.py").write_text(REFERENCE)
    succeed(course, "nbgrader", "autograde", NAME)
    return course


@pytest.fixture
def course(graded, tmp_path, monkeypatch) -> Path:
    """A copy of that course, as the working directory, in which all have handed in again."""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    for student in STUDENTS:
        with open(course / "submitted" / student / NAME / "lib" / "sums.py", "a") as file:
            file.write("\n# once more\n")
    monkeypatch.chdir(course)
    return course


def scores() -> dict[str, float]:
    with closing(Gradebook("sqlite:///gradebook.db", "llm")) as book:
        return {row.student.id: row.score for row in book.assignment_submissions(NAME)}


def autograde() -> dict:
    app = NbGrader()
    app.initialize([])
    return NbGraderAPI(coursedir=CourseDirectory(parent=app), parent=app).autograde(NAME, "*", force=False)


@contextmanager
def locked(seconds: float) -> Iterator[None]:
    """Let another program keep the gradebook for so long."""
    taken = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect("gradebook.db", isolation_level=None, timeout=60)) as other:
            other.execute("BEGIN EXCLUSIVE")
            taken.set()
            time.sleep(seconds)
            other.execute("COMMIT")

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait()
    yield
    holder.join()


@pytest.mark.parametrize("command", [("grading", "grade"), ("nbgrader", "export")], ids=" ".join)
def test_a_gradebook_of_an_older_nbgrader_is_refused_in_one_sentence_and_left_as_it_is(course, command):
    shutil.copy(OLD, course / "gradebook.db")
    done = run(course, *command)
    assert done.returncode == 1
    assert "was made by an older nbgrader; keep a copy of it and run: nbgrader db upgrade" in done.stdout
    assert "Traceback" not in done.stdout
    assert (course / "gradebook.db").read_bytes() == OLD.read_bytes()


def test_what_nbgrader_has_upgraded_is_taken(course):
    shutil.copy(OLD, course / "gradebook.db")
    succeed(course, "nbgrader", "db", "upgrade")
    succeed(course, "nbgrader", "export")


def test_a_gradebook_that_is_locked_at_first_or_halfway_is_waited_for(course, monkeypatch, capfd):
    def interrupted(*arguments):
        for verdict in judge(*arguments):
            with locked(0.5):
                yield verdict

    judge = grading.bridge.batch.grade
    monkeypatch.setattr(patience, "SECONDS_IN_SILENCE", 0.1)
    monkeypatch.setattr(grading.bridge.batch, "grade", interrupted)
    with locked(0.5):
        assert autograde()["success"]
    assert scores() == dict.fromkeys(STUDENTS, FULL)
    assert "The gradebook is in use by another program; waiting for it." in capfd.readouterr().err


def test_a_gradebook_that_stays_locked_is_one_sentence(course, monkeypatch):
    monkeypatch.setattr(patience, "SECONDS_IN_SILENCE", 0.1)
    monkeypatch.setattr(patience, "MAX_SECONDS", 0.3)
    with locked(1.5):
        result = autograde()
    assert not result["success"]
    assert "another program keeps the gradebook locked; close it and run this again" in result["log"]
    assert "Traceback" not in result["log"]
    assert scores() == dict.fromkeys(STUDENTS, FULL)  # those of before


def test_of_two_gradings_at_once_one_waits_and_nobody_loses_a_score(course):
    command = [sys.executable, "-m", "grading", "grade", NAME]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": course}
    both = [subprocess.Popen(command, **options) for _ in range(2)]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert (
        sum("Another command is changing this course; waiting for it to end." in text for text in said) == 1
    )
    assert scores() == dict.fromkeys(STUDENTS, FULL)
    assert len(list(course.glob(f"feedback/*/{NAME}/{NAME}.html"))) == len(STUDENTS)


def test_on_a_full_disk_no_score_is_made_up_and_the_next_grading_heals_it(course, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(grading.bridge.batch, "append", full)
        result = autograde()
    assert not result["success"]
    assert "ada: not graded, the disk is full; make room and run this again" in result["log"]
    assert scores() == dict.fromkeys(STUDENTS, 0.0)
    with closing(Gradebook("sqlite:///gradebook.db", "llm")) as book:
        assert book.find_submission(NAME, "ada").needs_manual_grade  # which every export leaves blank
    assert autograde()["success"]
    assert scores() == dict.fromkeys(STUDENTS, FULL)
