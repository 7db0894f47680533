"""Aim: a script in the name and the message of an error, and in the escape codes of a terminal."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
raise type("<script>alert(1)</script>", (Exception,), {})("\\x1b]0;x\\x07<img src=x onerror=alert(1)>\\x1b[31m")
""",
    )
