"""A course of one small assignment, for tests that need one whose every mark is known beforehand."""

import json
import re
import shutil
from pathlib import Path

from course_copy import HOUSE

from grading.assignment import Assignment, load_assignment

TOML = """
title = "Sums"
chapter = 1
edits = ["sums"]
gives = ["given"]
seconds = 10  # five probes: two seconds each
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

PROBES = '''
import torch

from check import probe

@probe(of="total", points=1)
def total_of_one(lib, rng):
    """One number is its own sum."""
    return lib.sums.total(rng.normal(1))

@probe(of="total", points=2)
def total_of_many(lib, rng):
    """Many numbers have a sum."""
    return lib.sums.total(rng.normal(3, 4))

@probe(of="double", points=2)
def doubled(lib, rng):
    """Every number counts twice."""
    return {"small": lib.sums.double(rng.normal(3)), "large": lib.sums.double(100 * rng.normal(3))}

@probe(of="double", points=3)
def doubled_once_more(lib, rng):
    """Every number counts four times."""
    return lib.sums.double(lib.sums.double(rng.normal(3)))

@probe(of="tell", points=4)
def told(lib, rng):
    """The text is right, and torch is set as it comes."""
    return [lib.sums.tell(), rng.normal(1), str(torch.get_default_dtype()), torch.is_grad_enabled()]
'''

MISTAKE = '''
"""You took the mean."""

def total(x):
    return x.mean()
'''


def small_course(house: Path) -> Assignment:
    """Write the course into an empty folder and return its assignment."""
    folder = house / "solutions" / "sums"
    files = {
        "lib/__init__.py": "",
        "lib/given.py": GIVEN,
        "lib/sums.py": REFERENCE,
        "solutions/sums/assignment.toml": TOML,
        "solutions/sums/probes.py": PROBES,
        "solutions/sums/mistakes/sums/mean.py": MISTAKE,
        "solutions/sums/sums.ipynb": json.dumps(notebook(answer("why", "Because."), answer("how", "So."))),
        "exercises/sums/sums.ipynb": json.dumps(notebook(answer("why", "YOURS"), answer("how", "YOURS"))),
    }
    for name, text in files.items():
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return load_assignment(folder.name, house)


def course_for_nbgrader(house: Path) -> Assignment:
    """Write the course into an empty folder so that nbgrader's own commands can release and grade it."""
    assignment = small_course(house)
    shutil.rmtree(house / "exercises")
    shutil.copytree(HOUSE / "check", house / "check", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "nbgrader_config.py", house)
    marked = re.sub("( +)return .*", r"\1### BEGIN SOLUTION\n\g<0>\n\1### END SOLUTION", REFERENCE)
    (house / "lib" / "sums.py").write_text(marked, "utf8")
    points = {name: sum(p.points for p in probes) for name, probes in assignment.exercises.items()}
    cells = [answer("why", "Because."), *(check_cell(name, worth) for name, worth in points.items())]
    for cell in cells:
        about = cell["metadata"]["nbgrader"]
        about |= {"schema_version": 3, "task": False}
        cell["id"] = about["grade_id"]
    (assignment.folder / "sums.ipynb").write_text(json.dumps(notebook(*cells)), "utf8")
    return load_assignment("sums", house)


def notebook(*cells: dict) -> dict:
    """Return a notebook of these cells."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def answer(grade_id: str, text: str) -> dict:
    """Return an answer cell as nbgrader has it."""
    about = {"grade": True, "grade_id": grade_id, "solution": True, "locked": False, "points": 1}
    return {"cell_type": "markdown", "source": text, "metadata": {"nbgrader": about}}


def check_cell(grade_id: str, points: int) -> dict:
    """Return the test cell of an exercise as nbgrader has it."""
    about = {"grade": True, "grade_id": grade_id, "solution": False, "locked": True, "points": points}
    code = {"cell_type": "code", "source": f'check("{grade_id}")', "outputs": [], "execution_count": None}
    return {**code, "metadata": {"nbgrader": about}}
