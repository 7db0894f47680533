"""Aim: to find the socket on which the sandbox talks to the judge, and to reply in its place."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import os, socket
for descriptor in range(64):
    try:
        judge = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        continue
    judge.send(b'{"confined": true, "exit": 0, "cpu": 0}')
    return f"descriptor {descriptor}"
raise OSError("no socket")
""",
    )
