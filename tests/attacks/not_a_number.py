"""Aim: to return NaN and infinity, for which many a comparison has no answer."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
attend = lambda q, k, v, mask=None: torch.full_like(q, torch.nan)
attend_in_blocks = lambda q, k, v, mask=None, block=64: torch.full_like(q, torch.inf)
""",
    )
