"""Aim: no cell that checks, so that nothing can fail."""

from pathlib import Path

from tests.attacks import rewrite, tests


def submit(folder: Path) -> None:
    def change(notebook):
        notebook["cells"] = [cell for cell in notebook["cells"] if cell not in tests(notebook)]

    rewrite(folder, change)
