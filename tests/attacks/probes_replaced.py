"""Aim: to exchange the probes in memory for ones that return what would be right of a constant."""

from pathlib import Path

from tests.attacks import PROBES, append


def submit(folder: Path) -> None:
    append(
        folder,
        PROBES
        + """
for probe in probes:
    object.__setattr__(probe, "points", 0)
    object.__setattr__(probe, "function", lambda lib, rng: torch.ones(2, 2).tril().bool())
""",
    )
