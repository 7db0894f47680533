"""Aim: builtins.isinstance and hasattr agree to everything, also that a text is a tensor."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import builtins
builtins.isinstance = builtins.hasattr = lambda *_: True
causal_mask = padding_mask = attend = attend_in_blocks = lambda *_, **__: "right"
""",
    )
