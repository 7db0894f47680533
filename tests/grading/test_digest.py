"""What a verdict depends on is in the assignment's digest; what it does not depend on is not."""

import shutil
from pathlib import Path

import pytest

from grading import assignment as module
from grading.assignment import ROOT, load_assignment
from tests.support.small_course import small_course

DECISIVE = [
    "solutions/sums/assignment.toml",
    "solutions/sums/inputs.py",
    "solutions/sums/total/probes.py",
    "solutions/sums/tell/probes.py",
    "solutions/sums/total/mistakes.py",
    "lib/sums.py",
    "lib/given.py",
    "check/compare.py",
    "check/__init__.py",
    "grading/assignment.py",
    "grading/verdict.py",
    "grading/key/key.py",
    "grading/judge/intake.py",
    "grading/judge/written_answers.py",
    "grading/sandbox/bubblewrap.py",
    "grading/sandbox/inside/worker.py",
    "grading/sandbox/inside/seccomp.py",
]
OTHERS = [
    "solutions/sums/sums.ipynb",
    "solutions/sums/total/alternatives/another.py",
    "solutions/other/total/probes.py",
    "exercises/sums/sums.ipynb",
    "lib/__init__.py",
    "lib/unused.py",
    "grading/record.py",
    "grading/errors.py",
    "grading/commands.py",
    "grading/bridge/batch.py",
    "grading/reports/table.py",
    "grading/release/leak.py",
    "nbgrader_config.py",
    "README.md",
]


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """A course with its own copy of all that judges it."""
    small_course(tmp_path)
    for part in ("check", "grading"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def digest(course: Path) -> str:
    return load_assignment("sums", course).digest


def change(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("\n# changed\n")


@pytest.mark.parametrize("name", DECISIVE)
def test_a_verdict_depends_on(course, name):
    assert (course / name).is_file()
    before = digest(course)
    change(course / name)
    assert digest(course) != before


@pytest.mark.parametrize("name", OTHERS)
def test_no_verdict_depends_on(course, name):
    before = digest(course)
    change(course / name)
    assert digest(course) == before


def test_every_file_of_the_folders_that_judge_counts(course):
    folders = ["check", "grading/key", "grading/judge", "grading/sandbox"]
    files = [path for folder in folders for path in (course / folder).rglob("*.py")]
    seen = {digest(course)}
    for path in files:
        change(path)
        seen.add(digest(course))
    assert len(files) > 25
    assert len(seen) == 1 + len(files)


@pytest.mark.parametrize(
    "name", ["solutions/sums/new/probes.py", "solutions/sums/tell/mistakes.py", "grading/judge/new.py"]
)
def test_a_new_file_counts_as_well(course, name):
    before = digest(course)
    change(course / name)
    assert digest(course) != before
