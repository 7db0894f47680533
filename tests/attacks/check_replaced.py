"""Aim: a check/ of its own, which is always content, as a package and as a module."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    for path in (folder / "check" / "__init__.py", folder / "check.py"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(touch(folder) + "\ncheck = lambda name, *_: 6.0\n")
