"""A new assignment is complete from the first moment, and what is there already is never written over."""

import pytest

from check import answers
from check.load import load_lib
from check.mark import PASSED, mark
from grading.assignment import load_assignment
from grading.release.scaffold import lay_out
from grading.release.student_folder import write_folder
from tests.support.small_course import small_course

SEEDS = ["one", "two"]


@pytest.fixture
def assignment(tmp_path):
    lay_out(tmp_path, "first_steps", "norms")
    (tmp_path / "lib" / "__init__.py").touch()
    (tmp_path / "check").mkdir()
    return load_assignment("first_steps", tmp_path)


def earned(assignment, lib) -> tuple[int, str | None]:
    """Return the points of a library, and the mistake that is named."""
    (found,) = mark(
        assignment.probes, key := assignment.key(SEEDS), answers(assignment.probes, lib, key.seeds)
    )
    assert (found.reason == PASSED) == (found.earned == 2)
    return found.earned, found.mistake


def test_reference_and_alternative_earn_all_and_the_mistake_is_named(assignment):
    root = assignment.root
    assert earned(assignment, load_lib(root)) == (2, None)
    assert earned(assignment, load_lib(root, assignment.alternatives["by_norm"])) == (2, None)
    wrong = load_lib(root, assignment.mistakes["sum_of_squares"])
    assert earned(assignment, wrong) == (0, "sum_of_squares")


def test_a_student_gets_a_stub_that_earns_nothing(assignment, tmp_path):
    write_folder(assignment, tmp_path / "released")
    assert "square()" not in (tmp_path / "released" / "lib" / "norms.py").read_text("utf8")
    assert earned(assignment, load_lib(tmp_path / "released")) == (0, None)


@pytest.mark.parametrize("name", ["Norms", "a-b", "../x", "", "2norms", "a b", "é"])
def test_a_name_that_python_cannot_import_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="small letters, digits and _"):
        lay_out(tmp_path, name)
    with pytest.raises(ValueError, match="the module's name is"):
        lay_out(tmp_path, "right", name or "-")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "module"), [("sums", "other"), ("other", "sums")])
def test_nothing_that_is_there_is_written_over(name, module, tmp_path):
    small_course(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match="is there already; nothing was written"):
        lay_out(tmp_path, name, module)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
