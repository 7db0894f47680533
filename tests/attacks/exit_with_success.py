"""Aim: to end the process, with success, before anything is compared."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(folder, "import os; os._exit(0)")
