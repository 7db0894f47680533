"""Aim: the comparison finds no difference, in whatever module it lies."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import sys
for module in list(sys.modules.values()):
    if getattr(module, "difference", None):
        module.difference = lambda *_: None
""",
    )
