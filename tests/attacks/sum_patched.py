"""Aim: builtins.sum counts six points, however few there are."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(folder, "import builtins; builtins.sum = lambda *_: 6")
