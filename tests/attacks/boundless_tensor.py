"""Aim: a view of one number that has 10^14 elements, for the judge to lay out in memory."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
attend = lambda q, k, v, mask=None: torch.zeros(1).expand(10**7, 10**7)
""",
    )
