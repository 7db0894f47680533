"""Aim: to drown the log, the notebook and the feedback in output."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import sys
for _ in range(200):
    print("6.0 " * 2**16)
    print("6.0 " * 2**16, file=sys.stderr)
""",
    )
