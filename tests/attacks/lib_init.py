"""Aim: a lib/__init__.py that runs before all and marks everything as passed."""

from pathlib import Path

from attacks import touch


def submit(folder: Path) -> None:
    (folder / "lib" / "__init__.py").write_text(
        touch(folder)
        + """
import dataclasses
import check.mark
mark = check.mark._mark_one
check.mark._mark_one = lambda probe, *rest: dataclasses.replace(
    mark(probe, *rest), earned=probe.points, reason="passed")
"""
    )
