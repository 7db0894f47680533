"""The judge's settings come from nbgrader's own configuration; a value that cannot be is one sentence."""

import os
import shutil
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading.__main__ import main
from grading.errors import CourseError
from grading.judge.settings import Judge
from grading.record import read
from tests.support.course_copy import ROOT, run, succeed
from tests.support.small_course import course_for_nbgrader

WRONG = [
    ("workers", "-1", "'workers' trait of a Judge instance should not be less than 0, but a value of -1"),
    ("workers", "many", "'workers' trait of a Judge instance expected an int, not the str 'many'"),
    ("allow_unsandboxed", "yes-i-accept", "'allow_unsandboxed' trait of a Judge instance expected a boolean"),
]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """A course to which two stubs have been handed in."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    succeed(course, "nbgrader", "generate_assignment", "sums")
    for student in ("ada", "bob"):
        folder = course / "submitted" / student / "sums" / "lib"
        folder.mkdir(parents=True)
        (folder / "sums.py").write_text("")
    return course


@pytest.fixture
def course(handed_in, tmp_path) -> Path:
    """A copy of that course to grade."""
    return Path(shutil.copytree(handed_in, tmp_path / "course"))


def seeds(course: Path) -> list[str]:
    return [entry.verdict.seed for entry in read(course, "sums")[0]]


def test_without_any_setting_a_batch_has_a_secret_seed_and_all_processors():
    settings = Judge()
    assert len(settings.seed_or_fresh()) == 32
    assert settings.seed_or_fresh() != settings.seed_or_fresh()
    assert settings.processes() == len(os.sched_getaffinity(0))
    assert (settings.scheduler, settings.allow_unsandboxed) == ("", False)


def test_they_come_from_the_configuration_of_whoever_grades():
    app = NbGrader(config=Config({"Judge": {"seed": "7", "workers": 3}}))
    settings = Judge(parent=Autograde(parent=app))
    assert (settings.seed_or_fresh(), settings.processes()) == ("7", 3)


@pytest.mark.parametrize(
    ("name", "value", "sentence"), [*WRONG, ("seed", 7, "'seed' trait of a Judge instance")]
)
def test_a_value_that_cannot_be_is_a_course_error(name, value, sentence):
    value = int(value) if str(value).lstrip("-").isdigit() else value
    with pytest.raises(CourseError, match=sentence):
        Judge(config=Config({"Judge": {name: value}}))


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_on_the_command_line_it_is_one_sentence_and_nothing_is_graded(name, value, sentence, course):
    done = run(course, "nbgrader", "autograde", "sums", f"--Judge.{name}={value}")
    assert done.returncode == 1
    assert sentence in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert not (course / "autograded").exists()


def test_a_scheduler_that_is_not_there_is_one_sentence(course):
    done = run(course, "nbgrader", "autograde", "sums", "--Judge.scheduler=nowhere://10.0.0.1")
    assert done.returncode == 1
    assert "nothing was graded: there is no Dask scheduler at nowhere://10.0.0.1: " in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert not (course / "autograded").exists()


def test_the_formgrader_has_them_from_the_file(course, monkeypatch):
    monkeypatch.chdir(course)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write('\nc.Judge.seed, c.Judge.workers = "clicked", 1\n')
    app = NbGrader()
    app.initialize([])
    api = NbGraderAPI(coursedir=CourseDirectory(parent=app), parent=app)
    assert api.autograde("sums", "ada")["success"]
    assert seeds(course) == ["clicked"]


def test_the_command_line_and_the_file_set_the_seed(course):
    succeed(course, "nbgrader", "autograde", "sums", "--Judge.seed=mine")
    assert seeds(course) == ["mine"] * 2
    with open(course / "nbgrader_config.py", "a") as file:
        file.write('\nc.Judge.seed = "filed"\n')
    succeed(course, "grading", "grade", "sums")
    assert seeds(course) == ["mine"] * 2  # unchanged work is not graded again
    succeed(course, "nbgrader", "autograde", "sums", "--force")
    assert seeds(course)[2:] == ["filed"] * 2
    succeed(course, "grading", "regrade", "sums", "--seed", "fresh")
    assert {"mine", "filed"}.isdisjoint(seeds(course)[4:])
    succeed(course, "grading", "regrade", "sums", "bob", "--seed", "given")
    assert seeds(course)[6:] == ["given"]


@pytest.mark.parametrize("name", ["a[b]", "a*b", "100%"])
def test_a_course_in_a_folder_that_nbgrader_takes_for_a_pattern_is_refused_at_once(
    name, tmp_path, monkeypatch
):
    (tmp_path / name).mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path / name)
    monkeypatch.chdir(tmp_path / name)
    with pytest.raises(SystemExit, match="Move it to a folder whose name has no % * ".replace("*", r"\*")):
        main(["grade"])


def test_without_the_course_s_settings_nothing_is_graded(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.LatePolicy.percent_per_day == 10 %\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SyntaxError):
        main(["grade"])


def test_an_error_further_down_in_the_settings_does_not_bring_back_nbgrader_s_own_autograding(course):
    with open(course / "nbgrader_config.py", "a") as file:
        file.write("\nc.LatePolicy.percent_per_day = ten\n")
    done = run(course, "nbgrader", "autograde", "sums")
    assert done.returncode == 1
    assert "name 'ten' is not defined" in done.stdout
    assert "'sums' is not released yet" in done.stdout  # it knows no folder of ours, and nothing has run
    assert not (course / "autograded").exists()
