"""`make` does for an assignment what has become due for it, and nothing for the others."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.course_copy import ROOT

# Instead of Python: it writes down what it was asked and where, has a gradebook as the first release has, and lays out the
# folder of the sample class.
PYTHON = """#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
where=${PWD#"$root"}
echo "${where:+in $where: }$*" >>"$root/calls"
case "$*" in
*release*) echo released; [ -e gradebook.db ] || touch gradebook.db;;
*sample*) mkdir -p _build/sample;;
esac
"""
STEPS = ("release", "sample")
CLASS = "in /_build/sample: grade"


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
        """Run make and return what it asked of the command line."""
        time.sleep(0.02)
        (self.folder / "calls").write_text("")
        done = subprocess.run(
            ["make", "--no-print-directory", *goals], cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (self.folder / "calls").read_text().splitlines()
        return [re.sub(r"(-u )?-m grading ", "", line) for line in lines]


@pytest.fixture
def course(tmp_path) -> Course:
    """The course after a first `make`, with one student's work in both assignments."""
    course = Course(tmp_path)
    for name in ("first", "second"):
        course.write(f"submitted/ada/{name}/lib/x.py")
    course.make(*STEPS)
    return course


def all_of(names: str) -> list[str]:
    """Return what is asked where these assignments are due."""
    return [f"release {names}", f"sample {names}", f"{CLASS} {names}"]


def test_at_first_everything_is_done_and_then_nothing(tmp_path):
    course = Course(tmp_path)
    assert course.make(*STEPS) == all_of("first second")
    assert course.make(*STEPS) == []
    for step in ("release", "class", "grade"):
        assert (tmp_path / "_build/seconds" / step).read_text().strip().isdigit()


@pytest.mark.parametrize(
    "file", ["lib/one.py", "solutions/first/all/mistakes.py", "solutions/first/all/new.py"]
)
def test_a_change_to_an_assignment_concerns_it_alone(course, file):
    course.write(file, "# changed")
    assert course.make(*STEPS) == all_of("first")
    assert course.make(*STEPS) == []


def test_a_mistake_that_is_gone_is_a_change(course):
    time.sleep(0.02)
    (course.folder / "solutions/second/all/mistakes.py").unlink()
    assert course.make(*STEPS) == all_of("second")


@pytest.mark.parametrize("file", ["check/mark.py", "grading/verdict.py", "nbgrader_config.py"])
def test_a_change_to_what_they_share_concerns_all(course, file):
    course.write(file, "# changed")
    assert course.make(*STEPS) == all_of("first second")


def test_students_are_graded_apart_from_the_sample_class_and_what_is_new_is_the_grader_s_matter(course):
    course.write("submitted/bob $(x) ünd/second/lib/x.py")
    assert course.make(*STEPS) == []
    for _ in range(2):
        assert course.make("grade") == ["grade"]


def test_a_gradebook_that_is_gone_is_released_to_again(course):
    (course.folder / "gradebook.db").unlink()
    assert course.make(*STEPS) == ["release first second"]


def test_another_gradebook_is_always_released_to_and_graded_into_and_is_not_the_sample_class_s(course):
    setting = "--CourseDirectory.db_url=sqlite:///elsewhere.db"
    for _ in range(2):
        asked = course.make("grade", f"ARGUMENTS={setting}")
        assert asked == [f"release first second {setting}", f"grade {setting}"]
    course.write("lib/one.py", "# changed")
    asked = course.make("sample", f"ARGUMENTS={setting} --Judge.workers=1")
    assert asked[1:] == ["sample first", f"{CLASS} first --Judge.workers=1"]


def test_a_clean_up_takes_nothing_of_students(course):
    works = (
        "submitted/ada",
        "autograded/ada",
        "feedback/ada",
        "verdicts/first.jsonl",
        "reports/first.csv",
        "grades.csv",
    )
    for work in works:
        course.write(f"{work}/first/file" if "." not in work else work)
    before = {path for path in course.folder.rglob("*") if "_build" not in path.parts}
    course.make("clean")
    assert {path for path in course.folder.rglob("*")} == before
    assert course.folder / "gradebook.db" in before


@pytest.mark.parametrize("name", ["My Course", "it's", 'a"b', "a[b]", "a$b", "a%b", "a(b)", "a:b", "a#b"])
def test_a_folder_whose_name_it_cannot_take_is_refused_at_once(name, tmp_path):
    (tmp_path / name).mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path / name)
    done = subprocess.run(
        ["make", "--no-print-directory", "course"], cwd=tmp_path / name, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert f"The course lies in {tmp_path / name}. Move it to a folder whose name has no blanks" in said


def test_letters_of_every_language_are_taken(tmp_path):
    (tmp_path / "Übung_名字").mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path / "Übung_名字")
    subprocess.run(["make", "help"], cwd=tmp_path / "Übung_名字", check=True, capture_output=True)


def test_a_step_that_fails_is_due_again(course):
    python = course.folder / ".venv/bin/python"
    text = python.read_text()
    course.write("lib/one.py", "# changed")
    python.write_text(text.replace("echo released", "echo no; exit 1"))
    done = subprocess.run(
        ["make", "--no-print-directory", *STEPS], cwd=course.folder, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stdout.endswith("no\n")
    python.write_text(text)
    assert course.make(*STEPS) == all_of("first")
