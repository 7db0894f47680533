"""Aim: every mark is the mark of a probe that has passed."""

from pathlib import Path

from attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import dataclasses
import check.mark
mark = check.mark._mark_one
check.mark._mark_one = lambda probe, *rest: dataclasses.replace(
    mark(probe, *rest), earned=probe.points, reason="passed")
""",
    )
