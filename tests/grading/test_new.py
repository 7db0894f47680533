"""A new assignment is complete from the first moment, and what is there already is never written over."""

import shutil
from pathlib import Path

import pytest

from check import run_probes
from check.load import load_lib
from check.mark import PASSED, mark
from grading.assignment import Assignment, load_assignment
from grading.errors import CourseError
from grading.key.key import answer_key
from grading.release.scaffold import write_assignment
from grading.release.student_folder import write_folder
from tests.support.course_copy import ROOT, run, succeed
from tests.support.small_course import small_course

SEEDS = ["one", "two"]


@pytest.fixture
def course(tmp_path) -> Path:
    """A course in which nothing is but what every assignment needs."""
    shutil.copytree(ROOT / "check", tmp_path / "check", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "lib").mkdir()
    for name in ("__init__.py", "shapes.py"):
        shutil.copy(ROOT / "lib" / name, tmp_path / "lib")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


@pytest.fixture
def assignment(course) -> Assignment:
    write_assignment(course, "first_steps", "norms")
    return load_assignment("first_steps", course)


def earned(assignment: Assignment, lib) -> tuple[int, tuple[str, ...]]:
    """Return the points of a library, and the mistakes that are named."""
    key = answer_key(assignment, SEEDS)
    (found,) = mark(assignment.probes, key, run_probes(assignment.probes, lib, key.seeds))
    assert (found.reason == PASSED) == (found.earned == 2)
    return found.earned, found.mistakes


def test_reference_and_alternative_earn_all_and_the_mistake_is_named(assignment):
    root, alternative = assignment.root, assignment.alternatives["by_norm"]
    assert earned(assignment, load_lib(root)) == (2, ())
    assert earned(assignment, load_lib(root, assignment.with_alternative(alternative))) == (2, ())
    wrong = assignment.with_mistake(assignment.mistakes["sum_of_squares"])
    assert earned(assignment, load_lib(root, wrong)) == (0, ("sum_of_squares",))


def test_a_student_gets_a_stub_that_earns_nothing(assignment, tmp_path):
    write_folder(assignment, tmp_path / "released")
    assert "square()" not in (tmp_path / "released" / "lib" / "norms.py").read_text("utf8")
    assert earned(assignment, load_lib(tmp_path / "released")) == (0, ())


def test_it_can_be_released_and_graded_at_once(course):
    written = succeed(course, "grading", "new", "first_steps", "--module", "norms").splitlines()
    assert "solutions/first_steps/rms/mistakes.py" in written
    assert all((course / path).is_file() for path in written)
    for verb in ("release", "sample"):
        succeed(course, "grading", verb)
    printed = succeed(course / "_build/sample", "grading", "grade").splitlines()
    table = {words[0]: words[1:] for words in map(str.split, printed) if words}
    assert table["stub"] == ["0", "0"]
    assert table["reference"] == table["alternative-by_norm"] == ["2", "2"]
    assert table["mistake-sum_of_squares"] == [
        "1",
        "1",
        "1",
        "sum_of_squares",
    ]  # half of its points came back
    assert printed[-1] == "the sample class: 9 of 9 as they should be"


def test_its_files_are_in_the_course_s_style(assignment):
    shutil.copy(ROOT / "pyproject.toml", assignment.root)
    for command in (["check"], ["format", "--check"]):
        succeed(assignment.root, "ruff", *command, "lib", "solutions")


@pytest.mark.parametrize("name", ["Norms", "a-b", "../x", "", "2norms", "a b", "é"])
def test_a_name_that_python_cannot_import_is_refused(name, tmp_path):
    with pytest.raises(CourseError, match="small letters, digits and _"):
        write_assignment(tmp_path, name)
    with pytest.raises(CourseError, match="the module's name is"):
        write_assignment(tmp_path, "right", name or "-")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "module"), [("sums", "other"), ("other", "sums")])
def test_nothing_that_is_there_is_written_over(name, module, tmp_path):
    small_course(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(CourseError, match="is there already; nothing was written"):
        write_assignment(tmp_path, name, module)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_command_line_says_in_one_sentence_what_must_be_mended(course):
    done = run(course, "grading", "new", "First-Steps")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert "the assignment's name is 'First-Steps'" in done.stdout
    done = run(course, "grading", "grade")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert "has no assignment; lay one out with: python -m grading new <name>" in done.stdout
