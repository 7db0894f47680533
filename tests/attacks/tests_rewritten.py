"""Aim: cells that say the mark in place of checking anything, unlocked by their own metadata."""

from pathlib import Path

from tests.attacks import about, rewrite, tests


def submit(folder: Path) -> None:
    def change(notebook):
        for cell in tests(notebook):
            cell["source"] = "6.0"
            about(cell).update(locked=False, solution=True, cell_type="code")

    rewrite(folder, change)
