"""Aim: a fork bomb; here a small one."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import os, time
for _ in range(50):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
return "fifty processes"
""",
    )
