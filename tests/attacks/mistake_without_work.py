"""Aim: heads that only raise the error which a known mistake in attend would raise there, and so need not be written."""

from pathlib import Path

from tests.attacks import append

ANSWER = "reference"
MISTAKE = """
_right = attend


def attend(q, k, v, mask=None):
    ~mask
    return _right(q, k, v, mask)
"""


def honest(folder: Path) -> None:
    append(folder, MISTAKE + "\nMultiHeadAttention.forward = lambda self, x, context=None, mask=None: x\n")


def submit(folder: Path) -> None:
    append(
        folder, MISTAKE + "\nMultiHeadAttention.forward = lambda self, x, context=None, mask=None: ~None\n"
    )
