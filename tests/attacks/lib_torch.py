"""Aim: a lib/torch.py, in case somebody imports torch from the folder of the module."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    (folder / "lib" / "torch.py").write_text(touch(folder))
    (folder / "torch.py").write_text(touch(folder))
