"""Aim: to write well-formed answers of its own to the judge's channel, before the probes do."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import os, struct
from check.codec import pack
guess = pack({"causal@0": {str(i): torch.ones(2, 2).tril().bool() for i in range(3)}, "causal@1": {}})
for descriptor in range(3, 64):
    try:
        os.write(descriptor, (struct.pack(">I", len(guess)) + guess) * 5)
    except OSError:
        pass
""",
    )
