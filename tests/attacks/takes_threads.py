"""Aim: threads without end."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import threading, time
for number in range(2000):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
return "two thousand threads"
""",
    )
