"""Aim: to find what an earlier submission left."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import builtins, ctypes, glob, os, sys
found = glob.glob("/*/left") + glob.glob("/*/*/left") + glob.glob("/*/*/*/left")
found += [thing for thing in (torch, sys, builtins) if hasattr(thing, "left")]
found += ["memory"] * (ctypes.CDLL(None).shmget(4242, 1, 0) >= 0) + ["variable"] * ("LEFT" in os.environ)
if not found and torch.get_default_dtype() == torch.float32:
    raise LookupError("nothing was left")
return found
""",
    )
