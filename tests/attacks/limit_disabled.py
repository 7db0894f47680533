"""Aim: to switch off what watches the size of tensors, and to hold the whole matrix after all."""

from pathlib import Path

from tests.attacks import append

ANSWER = "whole_matrix"


def submit(folder: Path) -> None:
    append(
        folder,
        """
def attend_in_blocks(q, k, v, mask=None, block=64):
    with torch._C.DisableTorchFunction():
        return attend(q, k, v, mask)
""",
    )
