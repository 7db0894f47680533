"""Aim: names that break lines, turn the direction of writing, are as long as can be, or are no text."""

import os
from pathlib import Path


def submit(folder: Path) -> None:
    odd = [
        "a\nb.py",
        "\u202egpj.py",
        "n" * 255,
        "<script>alert(1)</script>".replace("/", ""),
        "=1+1",
        "-rf",
        "~",
        "...",
    ]
    for name in [*map(os.fsencode, odd), b"\xff\xfe.py"]:
        with open(os.path.join(os.fsencode(folder), name), "wb"):
            pass
