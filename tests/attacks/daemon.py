"""Aim: a daemon, forked twice in a session of its own, that outlives the grading."""

from pathlib import Path

from tests.attacks import attempt, touch


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import os, time
if os.fork():
    return "forked"
os.setsid()
if os.fork():
    os._exit(0)
time.sleep(30)
{touch(folder)}
os._exit(0)
""",
    )
