"""A student who keeps the folder in git keeps all of it, whatever a template leaves out; grading takes no notice."""

import subprocess
from pathlib import Path

import pytest

from grading.judge.intake import read_submission
from grading.release.student_folder import write_folder
from tests.support.small_course import small_course

# What templates for a Python project begin with: the folders in which packages are built.
TEMPLATE = "__pycache__/\n*.py[cod]\nbuild/\ndist/\nlib/\nlib64/\n.ipynb_checkpoints\n.venv\n"


def git(folder: Path, *arguments: str) -> list[str]:
    return subprocess.check_output(["git", *arguments], cwd=folder, text=True).splitlines()


@pytest.fixture
def repository(tmp_path) -> Path:
    """A student's repository with such a template, and the released folder in it."""
    assignment = small_course(tmp_path / "course")
    (assignment.root / "check").mkdir()
    repository = tmp_path / "repository"
    write_folder(assignment, repository / "sums")
    (repository / ".gitignore").write_text(TEMPLATE)
    git(repository, "init", "-q")
    return repository


def test_all_that_a_student_has_is_staged(repository):
    git(repository, "add", ".")
    staged = set(git(repository, "ls-files"))
    assert {"sums/lib/__init__.py", "sums/lib/given.py", "sums/lib/sums.py"} <= staged
    files = {
        path.relative_to(repository).as_posix() for path in repository.rglob("sums/**/*") if path.is_file()
    }
    assert {name for name in staged if name.startswith("sums/")} == files


def test_without_the_file_the_work_would_be_left_out(repository):
    (repository / "sums" / ".gitignore").unlink()
    git(repository, "add", ".")
    assert [name for name in git(repository, "ls-files") if "/lib/" in name] == []


def test_what_running_the_work_leaves_behind_is_not_staged(repository):
    for rest in ("lib/__pycache__/sums.pyc", ".ipynb_checkpoints/sums.ipynb"):
        (repository / "sums" / rest).parent.mkdir()
        (repository / "sums" / rest).touch()
    (repository / ".gitignore").unlink()
    git(repository, "add", ".")
    assert [name for name in git(repository, "ls-files") if "cache" in name or "checkpoints" in name] == []


def test_grading_takes_no_notice_of_it(repository, tmp_path):
    assignment = small_course(tmp_path / "another")
    (repository / "sums" / "sums.ipynb").write_text('{"cells": []}')
    with_it = read_submission(repository / "sums", assignment, "ada")
    (repository / "sums" / ".gitignore").unlink()
    assert read_submission(repository / "sums", assignment, "ada") == with_it
    assert not [note for note in with_it.notes if "not part of the assignment" in note]
