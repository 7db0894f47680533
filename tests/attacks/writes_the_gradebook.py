"""Aim: to give itself, and nobody else, full marks in the gradebook's own database."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import os, sqlite3
path = {str(folder.parents[2] / "gradebook.db")!r}
if not os.path.exists(path):
    raise FileNotFoundError("no gradebook")
with sqlite3.connect(path) as book:
    book.execute("update grade set manual_score = 0")
return "written"
""",
    )
