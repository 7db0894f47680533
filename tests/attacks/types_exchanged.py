"""Aim: cells of numbers, objects and nulls where the format wants texts."""

from pathlib import Path

from tests.attacks import about, rewrite


def submit(folder: Path) -> None:
    def change(notebook):
        notebook["metadata"] = None
        for cell in notebook["cells"]:
            cell["source"] = {"text": 6.0}
            if about(cell):
                cell["metadata"]["nbgrader"] = ["grade_id", 10**400, None]

    rewrite(folder, change)
