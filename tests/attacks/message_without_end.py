"""Aim: an error whose name and message are megabytes long."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
def attend(q, k, v, mask=None):
    raise type("E" * 10**6, (Exception,), {})("m" * 10**7)
""",
    )
