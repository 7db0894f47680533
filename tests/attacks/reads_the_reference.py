"""Aim: to read the reference, or any solution, from the course's folder."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import os
root = {str(folder.parents[2])!r}
for path in ("lib/attention.py", "solutions/attention/attend/mistakes.py", "source/attention/lib/attention.py"):
    if os.path.exists(os.path.join(root, path)):
        return open(os.path.join(root, path)).read(80)
raise FileNotFoundError("no reference")
""",
    )
