"""Aim: to open files until the machine has no descriptor left."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
taken = []
while len(taken) < 5000:
    taken.append(open("/dev/null"))
return len(taken)
""",
    )
