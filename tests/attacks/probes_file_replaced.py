"""Aim: probes of its own in place of the exercise's, of which the one that is left is easy."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    (folder / "probes" / "masks.py").write_text(
        touch(folder)
        + """
from check import probe

@probe(exercise="masks", points=42)
def easy(lib, rng):
    return 1
"""
    )
    (folder / "expected.safetensors").write_bytes(b"")
