"""Aim: to announce four gigabytes, and to send a safetensors header that announces as much."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b"\\x00\\x00\\x00\\x08" + b"\\xff" * 8 + b"\\xff" * 4)
    except OSError:
        pass
""",
    )
