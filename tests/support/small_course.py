"""A course of one small assignment, for tests that need one whose every mark is known beforehand."""

import json
import re
import shutil
from pathlib import Path

from grading.assignment import Assignment, load_assignment
from tests.support.course_copy import ROOT

TOML = """
title = "Sums"
student_modules = ["sums"]
provided_modules = ["given"]
seconds_per_probe = 2
memory_mb = 256
"""

GIVEN = "def twice(x):\n    return x + x\n"

REFERENCE = '''
from lib.given import twice

def total(x):
    """Return the sum of x."""
    return x.sum()

def double(x):
    """Return x + x."""
    return twice(x)

def tell():
    """Return a text."""
    return "nothing"
'''

STUB = """
def total(x):
    raise NotImplementedError

def double(x):
    raise NotImplementedError

def tell():
    raise NotImplementedError
"""

PROBES = {
    "total": '''
from check import probe

@probe(exercise="total", points=1)
def total_of_one(lib, rng):
    """One number is its own sum."""
    return lib.sums.total(rng.normal(1))

@probe(exercise="total", points=2)
def total_of_many(lib, rng):
    """Many numbers have a sum."""
    return lib.sums.total(rng.normal(3, 4))
''',
    "double": '''
from inputs import large

from check import probe

@probe(exercise="double", points=2)
def doubled(lib, rng):
    """Every number counts twice."""
    return {"small": lib.sums.double(rng.normal(3)), "large": lib.sums.double(large(rng, 3))}

@probe(exercise="double", points=3)
def doubled_once_more(lib, rng):
    """Every number counts four times."""
    return lib.sums.double(lib.sums.double(rng.normal(3)))
''',
    "tell": '''
import torch

from check import probe

@probe(exercise="tell", points=4)
def told(lib, rng):
    """The text is right, and torch is set as it comes."""
    return [lib.sums.tell(), rng.normal(1), str(torch.get_default_dtype()), torch.is_grad_enabled()]
''',
}

INPUTS = """
def large(rng, n):
    return 100 * rng.normal(n)
"""

MISTAKES = """
from check import mistake, replace

mean = mistake("You took the mean.", replace("total", "x.sum()\\n", "x.mean()\\n"))
"""


def check_cell(grade_id: str, points: int) -> dict:
    """Return the test cell of an exercise as nbgrader has it."""
    about = {"grade": True, "grade_id": grade_id, "solution": False, "locked": True, "points": points}
    code = {"cell_type": "code", "source": f'check("{grade_id}")', "outputs": [], "execution_count": None}
    return {**code, "metadata": {"nbgrader": about}}


TESTS = [check_cell(name, points) for name, points in {"total": 3, "double": 5, "tell": 4}.items()]


def small_course(root: Path) -> Assignment:
    """Write the course into an empty folder and return its assignment."""
    folder = root / "solutions" / "sums"
    files = {
        "lib/__init__.py": "",
        "lib/given.py": GIVEN,
        "lib/sums.py": REFERENCE,
        "solutions/sums/assignment.toml": TOML,
        "solutions/sums/inputs.py": INPUTS,
        **{f"solutions/sums/{name}/probes.py": text for name, text in PROBES.items()},
        "solutions/sums/total/mistakes.py": MISTAKES,
        "solutions/sums/sums.ipynb": json.dumps(
            notebook(answer("why", "Because."), answer("how", "So."), *TESTS)
        ),
        "exercises/sums/sums.ipynb": json.dumps(notebook(answer("why", "YOURS"), answer("how", "YOURS"))),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return load_assignment(folder.name, root)


def course_for_nbgrader(root: Path) -> Assignment:
    """Write the course into an empty folder so that nbgrader's own commands can release and grade it."""
    assignment = small_course(root)
    shutil.rmtree(root / "exercises")
    shutil.copytree(ROOT / "check", root / "check", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    marked = re.sub("( +)return .*", r"\1### BEGIN SOLUTION\n\g<0>\n\1### END SOLUTION", REFERENCE)
    (root / "lib" / "sums.py").write_text(marked, "utf8")
    points = {name: sum(p.points for p in probes) for name, probes in assignment.exercises.items()}
    cells = [answer("why", "Because."), *(check_cell(name, worth) for name, worth in points.items())]
    for cell in cells:
        about = cell["metadata"]["nbgrader"]
        about |= {"schema_version": 3, "task": False}
        cell["id"] = about["grade_id"]
    (assignment.folder / "sums.ipynb").write_text(json.dumps(notebook(*cells)), "utf8")
    return load_assignment("sums", root)


def notebook(*cells: dict) -> dict:
    """Return a notebook of these cells."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def answer(grade_id: str, text: str) -> dict:
    """Return an answer cell as nbgrader has it."""
    about = {"grade": True, "grade_id": grade_id, "solution": True, "locked": False, "points": 1}
    return {"cell_type": "markdown", "source": text, "metadata": {"nbgrader": about}}
