"""Aim: a thread that goes on writing marks to every descriptor while the probes answer."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import os, threading, time

def write():
    for _ in range(200):
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, b"\\x00\\x00\\x00\\x02{}")
            except OSError:
                pass
        time.sleep(0.01)

threading.Thread(target=write, daemon=True).start()
""",
    )
