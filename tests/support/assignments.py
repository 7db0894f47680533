"""Every assignment of the course, for tests that hold something of each: read once, and its tests in one process."""

import shutil
from functools import cache
from pathlib import Path

import nbformat
import pytest

from check import Mistake
from check.load import Lib, load_lib
from check.mistake import load_mistakes
from grading.assignment import assignment_names, load_assignment
from grading.release.stored_outputs import solve
from grading.release.stub import stub as stub_of

load = cache(load_assignment)
each_assignment = pytest.mark.parametrize("assignment", assignment_names())


@cache
def notebook(name: str) -> nbformat.NotebookNode:
    """Return the instructor's notebook of an assignment."""
    return nbformat.read(load(name).folder / f"{name}.ipynb", as_version=4)


def text(name: str, cell: str) -> str:
    """Return the text of one cell by its id; without such a cell, none."""
    return next((c.source for c in notebook(name).cells if c.id == cell), "")


def mistakes_of(name: str, exercise: str) -> list[Mistake]:
    """Return the mistakes that lie in an exercise's folder."""
    return load_mistakes(load(name).folder / exercise / "mistakes.py")


def stub(name: str) -> Lib:
    """Return an assignment's lib as students get it."""
    a = load(name)
    texts = {module: stub_of(a.source(module), f"lib/{module}.py") for module in a.student_modules}
    return load_lib(a.root, texts, a.modules)


def solved_folder(name: str, folder: Path) -> Path:
    """Write the committed folder of a student who has solved everything, and return its notebook."""
    a = load(name)
    shutil.copytree(a.root / "exercises" / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return solve(a, folder)
