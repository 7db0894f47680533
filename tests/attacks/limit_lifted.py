"""Aim: to lift the limit on the size of tensors from within, and to hold the whole matrix after all."""

from pathlib import Path

from tests.attacks import append

ANSWER = "whole_matrix"


def submit(folder: Path) -> None:
    append(
        folder,
        """
from check.limit import NoTensorAbove
NoTensorAbove.__torch_function__ = lambda self, func, types, args=(), kwargs=None: func(*args, **(kwargs or {}))
""",
    )
