"""Aim: an ipykernel_launcher.py that is started in place of the real one and owns the kernel."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    (folder / "ipykernel_launcher.py").write_text(
        touch(folder)
        + """
import sys
sys.path.remove("") if "" in sys.path else None
import check
import check.mark
import dataclasses
import sys
marks = sys.modules["check.mark"]
mark = marks._mark_one
marks._mark_one = lambda probe, *rest: dataclasses.replace(
    mark(probe, *rest), earned=probe.points, reason="passed")
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""
    )
