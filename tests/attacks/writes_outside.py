"""Aim: to write, and to remove, files outside its own folder."""

from pathlib import Path

from tests.attacks import attempt, canary, touch


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import os
try:
    os.remove({str(canary(folder) / "secret")!r})
except OSError:
    {touch(folder)}
return "written"
""",
    )
