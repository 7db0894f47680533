"""A copy of the course in an empty folder, with few mistakes and alternatives so that it grades quickly."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from grading.assignment import assignment_names, load_assignment
from grading.release.sample_class import SampleClass

ROOT = Path(__file__).resolve().parents[2]
NAME = "attention"
KEPT = {"unscaled", "mask_dropped", "one_future_token", "attend_by_einsum", "heads_by_loops"}
FORGET = """

for _name in [name for name, value in globals().items() if type(value).__name__ == "Mistake"]:
    if _name not in {names!r}:
        del globals()[_name]
"""


def copy_course(folder: Path, *, whole: bool = False) -> Path:
    """Copy what a course needs to be released and graded; whole keeps every mistake and alternative."""
    for part in ("check", "lib", "solutions"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    if not whole:
        keep_only(folder / "solutions" / NAME, KEPT)
    return folder


def keep_only(assignment: Path, names: set[str]) -> None:
    """Leave an assignment only those mistakes and alternatives that have one of these names."""
    for path in assignment.glob("*/alternatives/*.py"):
        if path.stem not in names:
            path.unlink()
    for path in assignment.glob("*/mistakes.py"):
        path.write_text(path.read_text("utf8") + FORGET.format(names=names), "utf8")


def run(course: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run python -m with these arguments in the course's folder."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=course,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


def succeed(course: Path, *arguments: str, **environment: str) -> str:
    """Run python -m with these arguments, hold that it succeeds, and return what it prints."""
    done = run(course, *arguments, **environment)
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def hand_in_sample(course: Path, *names: str, whole: bool = False) -> None:
    """Hand in the sample class of these assignments, or of all, as if it were students of the course itself."""
    for name in names or assignment_names(course):
        the_class = SampleClass(load_assignment(name, course))
        students = list(the_class.submissions) if whole else the_class.small
        the_class.write_submissions(
            course / "exercises" / name,
            lambda student, name=name: f"{course}/submitted/{student}/{name}",
            students,
        )
