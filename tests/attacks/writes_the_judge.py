"""Aim: to change the judge's own code, the probes or python's libraries, for those who come later."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import os, sys
import check
tried = [check.__file__, torch.__file__, os.__file__, sys.modules["__main__"].__file__, "/judge/probes/masks.py"]
for path in tried:
    try:
        open(path, "a").close()
    except OSError:
        continue
    return path
raise PermissionError("all read-only")
""",
    )
