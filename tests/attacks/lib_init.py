"""Aim: a lib/__init__.py that runs before all and marks everything as passed."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    (folder / "lib" / "__init__.py").write_text(
        touch(folder)
        + """
import dataclasses
import check.mark
import sys
marks = sys.modules["check.mark"]
mark = marks._mark_one
marks._mark_one = lambda probe, *rest: dataclasses.replace(
    mark(probe, *rest), earned=probe.points, reason="passed")
"""
    )
