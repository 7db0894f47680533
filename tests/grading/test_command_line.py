"""python -m grading: one process for all assignments, nbgrader's settings as arguments, one sentence where it must."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.__main__ import main
from tests.support.course_copy import ROOT, hand_in_sample, succeed
from tests.support.small_course import course_for_nbgrader


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course of two small assignments, which a class has handed in and which are graded, and one that is new."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    shutil.copy(ROOT / "lib" / "shapes.py", course / "lib")
    succeed(course, "grading", "new", "norms")
    (course / "release").write_text(succeed(course, "grading", "release"), "utf8")
    hand_in_sample(course)
    succeed(course, "grading", "new", "zeroth")
    for verb in ("grade", "table"):
        (course / verb).write_text(succeed(course, "grading", verb), "utf8")
    return course


def lines(printed: str) -> list[str]:
    """Return the lines but those that say how long a step took."""
    return [line for line in printed.splitlines() if not re.search(r" took [\d.]+ s\b", line)]


def test_without_a_name_every_assignment_has_its_turn_of_which_there_is_something(course):
    assert lines((course / "release").read_text("utf8")) == ["norms: released", "sums: released"]
    printed = lines((course / "grade").read_text("utf8"))
    assert [line.split()[1] for line in printed if line.startswith("student ")] == ["rms/2", "total/3"]
    assert (
        sum("as they should be" in line for line in printed) == 0
    )  # which is known of the sample class alone
    assert len(list(course.glob("feedback/reference/*/*.html"))) == 2
    assert (course / "table").read_text("utf8").splitlines() == printed


def test_several_can_be_named(course):
    assert succeed(course, "grading", "audit", "sums", "norms").count("0 differences") == 2
    assert succeed(course, "grading", "audit", "sums").count("0 differences") == 1


def test_grading_again_writes_nothing_and_prints_the_same(course):
    def files() -> dict[Path, int]:
        made = (course / name for name in ("autograded", "feedback", "verdicts"))
        paths = [path for folder in made for path in folder.rglob("*") if path.is_file()]
        return {
            path: path.stat().st_mtime_ns for path in [*paths, course / "grades.csv", course / "gradebook.db"]
        }

    before = files()
    assert lines(succeed(course, "grading", "grade")) == lines((course / "grade").read_text("utf8"))
    assert files() == before


@pytest.fixture
def command(course, monkeypatch, capfd) -> Callable:
    """A function that runs a command in this process and returns its exit status and what it printed."""
    monkeypatch.chdir(course)

    def run(*arguments: str) -> tuple[int, str]:
        status = main(list(arguments))
        return status, "".join(capfd.readouterr())

    return run


def test_a_setting_of_nbgrader_is_an_argument_anywhere(course, command):
    other = f"--CourseDirectory.db_url=sqlite:///{course}/other name.db"
    before = (course / "gradebook.db").read_bytes()
    assert command(other, "release", "sums")[0] == 0
    assert command("audit", "sums", other)[0] == 1
    assert command("reconcile", other, "sums")[0] == 0
    assert command("audit", "sums", other)[0] == 0
    assert (course / "gradebook.db").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["table", "summs"], "there is no assignment 'summs'; there is norms, sums, zeroth"),
        (["table", "--CourseDirectory.root={empty}"], "lay one out with: python -m grading new <name>"),
        (["grade", "--CourseDirectory.submitted_directory=nowhere"], "nothing has been handed in yet"),
        (["report", "zeroth"], "nothing of 'zeroth' is graded yet"),
        (["regrade", "sums", "dora"], "there is no submission of 'sums' by dora"),
        (["export", "sums", "--CourseDirectory.db_url=sqlite://"], "not in the gradebook; release it first"),
        (["audit", "sums", "--CourseDirectory.db_url=sqlite://"], "run: nbgrader generate_assignment sums"),
        (["reconcile", "sums", "--LatePolicy.percent_per_day=200"], "should not be greater than 100"),
        (["reconcile", "sums", "--LatePolicy.percent_a_day=2"], "LatePolicy has no setting 'percent_a_day'"),
    ],
)
def test_what_an_instructor_can_mend_is_one_sentence(arguments, sentence, command, tmp_path):
    status, printed = command(*(argument.format(empty=tmp_path) for argument in arguments))
    assert status == 1
    assert sentence in printed
    assert len(printed.splitlines()) == 1


def test_a_fault_of_ours_is_not_made_a_sentence(command, monkeypatch):
    monkeypatch.setattr("grading.commands.overview.rows", lambda *arguments: [].pop())
    with pytest.raises(IndexError):
        command("table", "sums")


def test_an_unknown_option_is_refused(command, capfd):
    with pytest.raises(SystemExit):
        command("grade", "--sceduler=tcp://x")
    assert "unrecognized arguments: --sceduler=tcp://x" in capfd.readouterr().err
