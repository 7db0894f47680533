"""Aim: to find in memory, or next to the probes, an answer key with what the probes should return."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import gc, glob
from check import AnswerKey
found = [one for one in gc.get_objects() if type(one) is AnswerKey and one.want]
found += glob.glob("/judge/**/*.safetensors", recursive=True) + glob.glob("/judge/**/mistakes*", recursive=True)
if not found:
    raise LookupError("no key")
return len(found)
""",
    )
