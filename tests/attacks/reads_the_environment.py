"""Aim: to read a secret from the environment, its own or that of any process it sees."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import glob, os
seen = dict(os.environb)
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        seen[path] = open(path, "rb").read()
    except OSError:
        pass
if b"ATTACK_SECRET" not in str(seen).encode():
    raise LookupError("no secret")
return "the environment"
""",
    )
