"""Aim: to send a pickle, in case somebody loads one; loading it touches the canary."""

from pathlib import Path

from tests.attacks import append, touch


def submit(folder: Path) -> None:
    append(
        folder,
        f"""
import os, pickle, struct

class Touch:
    def __reduce__(self):
        return exec, ({touch(folder)!r},)

for descriptor in range(3, 64):
    try:
        os.write(descriptor, struct.pack(">I", len(pickle.dumps(Touch()))) + pickle.dumps(Touch()))
    except OSError:
        pass
causal_mask = attend = lambda *_, **__: Touch()
""",
    )
