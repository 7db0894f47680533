"""Aim: a link to the course's own lib/ in place of the folder."""

import shutil
from pathlib import Path


def submit(folder: Path) -> None:
    shutil.rmtree(folder / "lib")
    (folder / "lib").symlink_to(folder.parents[2] / "lib")
