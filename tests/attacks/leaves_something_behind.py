"""Aim: to leave something for the next: files, bytecode, shared memory, a changed torch, a variable."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import ctypes, os, sys
for path in ("/box/left", "/dev/shm/left", "/var/tmp/left", "/judge/lib/left", "/box/submission/lib/left"):
    try:
        open(path, "w").close()
    except OSError:
        pass
ctypes.CDLL(None).shmget(4242, 1, 0o1666)
os.environ["LEFT"] = "left"
torch.left = sys.left = __import__("builtins").left = "left"
torch.set_default_dtype(torch.float64)
""",
    )
