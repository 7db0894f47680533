"""Aim: to crash the interpreter itself by recursion without a limit."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import ctypes

def padding_mask(lengths, S):
    return ctypes.string_at(0)
""",
    )
