"""Aim: to fill the disk."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
for number in range(100):
    with open(f"/box/{number}", "wb") as file:
        for _ in range(10):
            file.write(bytes(2**20))
return "1000 MB"
""",
    )
