"""Aim: to take all the memory there is."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
def attend(q, k, v, mask=None):
    taken = []
    while True:
        taken.append(bytearray(2**28))
""",
    )
