"""Aim: every mark is the mark of a probe that has passed."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import dataclasses
import check.mark
import sys
marks = sys.modules["check.mark"]
mark = marks._mark_one
marks._mark_one = lambda probe, *rest: dataclasses.replace(
    mark(probe, *rest), earned=probe.points, reason="passed")
""",
    )
