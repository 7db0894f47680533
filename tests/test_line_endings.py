"""A clone has the same bytes on every machine, also where git is told to write CRLF into text files."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("install.sh", "Makefile", ".ci", ".gitignore", "lib", "check", "exercises")
TEMPORARY = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.check_output(["git", *identity, *arguments], cwd=folder, text=True)


def clone(source: Path, folder: Path) -> Path:
    """Commit what lies in source, and clone it as git for Windows does."""
    git(source, "init", "-q")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "All of it")
    git(folder, "clone", "-q", "-c", "core.autocrlf=true", str(source), "clone")
    return folder / "clone"


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def is_a_script(path: Path) -> bool:
    return subprocess.run(["sh", "-n", path], capture_output=True).returncode == 0


@pytest.fixture
def course(tmp_path) -> Path:
    """A copy of the scripts, the library and the releases, with nothing yet that says how lines end."""
    folder = tmp_path / "course"
    for path in (ROOT / name for name in COPIED):
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=TEMPORARY)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(path, folder)
    return folder


def test_a_clone_that_wants_crlf_has_the_same_bytes(course, tmp_path):
    shutil.copy(ROOT / ".gitattributes", course)
    cloned = clone(course, tmp_path)
    assert contents(cloned) == contents(course)
    assert is_a_script(cloned / "install.sh")
    assert is_a_script(cloned / ".ci" / "run")


def test_without_the_attributes_such_a_clone_is_broken(course, tmp_path):
    cloned = clone(course, tmp_path)
    assert not is_a_script(cloned / "install.sh")


def test_a_release_fills_no_diff_and_can_still_be_merged(course):
    shutil.copy(ROOT / ".gitattributes", course)
    git(course, "init", "-q")
    said = git(course, "check-attr", "diff", "merge", "linguist-generated", "--", "exercises/a/lib/a.py")
    assert [line.rpartition(": ")[2] for line in said.splitlines()] == ["unset", "unspecified", "set"]
