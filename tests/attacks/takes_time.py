"""Aim: to hold the grading up for as long as it likes, even where errors are caught."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
def padding_mask(lengths, S):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    )
