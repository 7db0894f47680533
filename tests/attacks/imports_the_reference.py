"""Aim: to import the judge, and the reference through it, or by walking up the path of modules."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import importlib, sys
for entry in list(sys.path):
    sys.path.insert(0, entry + "/..")
from grading.assignment import load_assignment
return load_assignment("attention").student_modules
""",
    )
