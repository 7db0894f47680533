"""Aim: an assertion that fails raises nothing that anyone counts."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import builtins
builtins.AssertionError = builtins.NotImplementedError = builtins.ValueError = type("Nothing", (Warning,), {})
""",
    )
