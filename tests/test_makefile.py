"""`make` does for an assignment what has become due for it, and nothing for the others."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.course_copy import ROOT

# Instead of Python: it writes down what it was asked, and has a gradebook as the first release has.
PYTHON = """#!/bin/sh
echo "$@" >>calls
case "$*" in
*release*) echo released; [ -e gradebook.db ] || touch gradebook.db;;
*grade*) for work in submitted/*/*; do mkdir -p "autograded/${work#*/}"; done;;
esac
"""
STEPS = ("release", "class", "grade")


class Course:
    """A course of two assignments, each with a module of its own, in which nothing really happens."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name, module in {"first": "one", "second": "two"}.items():
            self.write(
                f"solutions/{name}/assignment.toml", f'title = "x"\nstudent_modules = [\n  "{module}",\n]\n'
            )
            self.write(f"solutions/{name}/all/mistakes.py")
            self.write(f"lib/{module}.py")
        for name in ("lib/__init__.py", "check/mark.py", "grading/verdict.py", "nbgrader_config.py"):
            self.write(name)
        for name in (
            "book/build.py",
            "requirements.txt",
            "constraints.txt",
            "pyproject.toml",
            ".venv/.ready",
        ):
            self.write(name)
        shutil.copy(ROOT / "Makefile", folder)
        self.write(".venv/bin/python", PYTHON)
        (folder / ".venv/bin/python").chmod(0o755)

    def write(self, name: str, text: str = "") -> None:
        """Write a file, younger than all that were there before."""
        time.sleep(0.02)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make(self, *goals: str) -> list[str]:
        """Run make and return what it asked of the command line, but for the table that it always prints."""
        time.sleep(0.02)
        (self.folder / "calls").write_text("")
        done = subprocess.run(["make", *goals], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (self.folder / "calls").read_text().splitlines()
        return [
            " ".join(line.split()[line.split().index("grading") + 1 :])
            for line in lines
            if " table" not in line
        ]


@pytest.fixture
def course(tmp_path) -> Course:
    """The course after a first `make`, with one student's work in both assignments."""
    course = Course(tmp_path)
    for name in ("first", "second"):
        course.write(f"submitted/ada/{name}/lib/x.py")
    course.make(*STEPS)
    return course


def test_at_first_everything_is_done_and_then_nothing(tmp_path):
    course = Course(tmp_path)
    assert course.make(*STEPS) == ["release first second", "sample first second", "grade first second"]
    assert course.make(*STEPS) == []
    assert (tmp_path / "_build/seconds/release").read_text().strip().isdigit()


@pytest.mark.parametrize(
    "file", ["lib/one.py", "solutions/first/all/mistakes.py", "solutions/first/all/new.py"]
)
def test_a_change_to_an_assignment_concerns_it_alone(course, file):
    course.write(file, "# changed")
    assert course.make(*STEPS) == ["release first", "sample first", "grade first"]
    assert course.make(*STEPS) == []


def test_a_mistake_that_is_gone_is_a_change(course):
    (course.folder / "solutions/second/all/mistakes.py").unlink()
    assert course.make(*STEPS) == ["release second", "sample second", "grade second"]


@pytest.mark.parametrize("file", ["check/mark.py", "grading/verdict.py", "nbgrader_config.py"])
def test_a_change_to_what_they_share_concerns_all(course, file):
    course.write(file, "# changed")
    both = "first second"
    assert course.make(*STEPS) == [f"release {both}", f"sample {both}", f"grade {both}"]


def test_work_that_is_handed_in_is_graded_and_no_other(course):
    course.write("submitted/bob $(x) ünd/second/lib/x.py")
    assert course.make(*STEPS) == ["grade second"]
    assert course.make(*STEPS) == []


def test_one_more_assignment_of_a_student_makes_the_others_no_newer(course):
    shutil.rmtree(course.folder / "submitted/ada/first")
    course.write("submitted/ada/first/lib/x.py")
    assert course.make(*STEPS) == ["grade first"]


def test_what_has_no_grade_is_graded(course):
    shutil.rmtree(course.folder / "autograded/ada/second")
    assert course.make(*STEPS) == ["grade second"]


def test_work_that_was_moved_here_counts_as_new_however_old_it_is(course, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "carl"
    shutil.copytree(course.folder / "submitted/ada", elsewhere)
    for path in [elsewhere, *elsewhere.rglob("*")]:
        os.utime(path, (0, 0))
    time.sleep(0.02)
    elsewhere.rename(course.folder / "submitted/carl")
    assert course.make(*STEPS) == ["grade first second"]


def test_a_gradebook_that_somebody_has_changed_is_read_again(course):
    course.write("gradebook.db", "points by hand")
    assert course.make(*STEPS) == ["grade first second"]
    (course.folder / "gradebook.db").unlink()
    assert course.make(*STEPS) == ["release first second", "grade first second"]


def test_another_gradebook_is_always_released_to_and_graded_into(course):
    setting = "--CourseDirectory.db_url=sqlite:///elsewhere.db"
    for _ in range(2):
        asked = course.make("grade", f"ARGUMENTS={setting}")
        assert asked == [f"release first second {setting}", f"grade first second {setting}"]


def test_a_step_that_fails_is_due_again(course):
    python = course.folder / ".venv/bin/python"
    text = python.read_text()
    course.write("lib/one.py", "# changed")
    python.write_text(text.replace("echo released", "echo no; exit 1"))
    done = subprocess.run(["make", *STEPS], cwd=course.folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.endswith("no\n")
    python.write_text(text)
    assert course.make(*STEPS) == ["release first", "sample first", "grade first"]
