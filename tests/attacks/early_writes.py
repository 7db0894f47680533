"""Aim: to write noise to every descriptor that is open."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import os
for descriptor in range(64):
    try:
        os.write(descriptor, b"6.0\\n" * 64)
    except OSError:
        pass
""",
    )
