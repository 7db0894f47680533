"""Aim: a notebook whose metadata promises a thousand points a cell, and full marks to the stub."""

from pathlib import Path

from tests.attacks import about, rewrite, tests


def submit(folder: Path) -> None:
    def change(notebook):
        for cell in tests(notebook):
            about(cell)["points"] = 1000

    rewrite(folder, change)
