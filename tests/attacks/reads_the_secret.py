"""Aim: to read a file outside the course, and to carry it out in the text of an error."""

from pathlib import Path

from tests.attacks import attempt, canary


def submit(folder: Path) -> None:
    attempt(folder, f"return open({str(canary(folder) / 'secret')!r}).read()")
