"""Aim: compiled files in lib/__pycache__ with the source's own age and size, which are run in its place."""

import importlib.util
import py_compile
from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    code = folder / "lib" / "evil.py"
    code.write_text(touch(folder) + "\ncausal_mask = lambda T, S=None: None\n")
    cached = (
        folder
        / "lib"
        / "__pycache__"
        / f"attention.{importlib.util.cache_from_source('x.py').split('.', 1)[1]}"
    )
    py_compile.compile(
        str(code), cfile=str(cached), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    code.unlink()
