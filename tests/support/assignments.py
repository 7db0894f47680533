"""Every assignment of the course, for tests that hold something of each: read once, and its tests in one process."""

from functools import cache
from pathlib import Path

import nbformat
import pytest

from check import Mistake
from check.load import Lib, load_lib
from check.mistake import load_mistakes
from grading.assignment import assignment_names, load_assignment
from grading.release.student_folder import write_folder

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


def stub(name: str, folder: Path) -> Lib:
    """Return an assignment's lib as students get it, written into a folder."""
    write_folder(load(name), folder)
    return load_lib(folder)
