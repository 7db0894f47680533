"""Aim: to look into the memory of its parent, of process 1 and of whatever else is there."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import os
for process in {1, os.getppid(), *range(2, 400)} - {os.getpid(), 0}:
    try:
        with open(f"/proc/{process}/mem", "rb") as memory, open(f"/proc/{process}/maps") as maps:
            memory.seek(int(maps.readline().split("-")[0], 16))
            return memory.read(8)
    except OSError:
        pass
raise PermissionError("nobody's memory")
""",
    )
