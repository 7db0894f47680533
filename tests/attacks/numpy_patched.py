"""Aim: numpy draws nothing but zeros, for which the answer is known."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import numpy
numpy.asarray = lambda numbers, *_, **__: 0 * numpy.array(numbers)
attend = lambda q, k, v, mask=None: torch.zeros_like(q)
attend_in_blocks = lambda q, k, v, mask=None, block=64: torch.zeros_like(q)
""",
    )
