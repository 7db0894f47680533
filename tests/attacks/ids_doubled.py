"""Aim: each check twice under one id, the second with the mark as its source."""

from pathlib import Path

from tests.attacks import about, rewrite, tests


def submit(folder: Path) -> None:
    def change(notebook):
        for cell in tests(notebook):
            notebook["cells"].append({**cell, "source": "6.0", "id": about(cell)["grade_id"] + "-twice"})

    rewrite(folder, change)
