"""Aim: to read what the others handed in."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import glob
found = glob.glob({str(folder.parents[1])!r} + "/**/*.py", recursive=True)
if not found:
    raise LookupError("nobody there")
return open(found[0]).read(80)
""",
    )
