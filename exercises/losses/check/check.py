"""What a student calls in the notebook: `check("attend")`."""

import os
import sys
from pathlib import Path

from .key import read_key, run_probes
from .load import load_lib
from .mark import mark
from .probe import load_folder
from .report import report


def check(name: str, folder: Path | str = ".") -> float:
    """Print how one exercise, or one probe of it, stands, and return the points it has earned.

    name is an exercise ("attend") or one of its probes ("causal"); folder is the assignment's folder.
    Raises ValueError for an unknown name and FileNotFoundError where the folder is not complete.
    """
    folder = Path(folder)
    probes = load_folder(_require(folder / "probes"))
    chosen = [p for p in probes if p.exercise == name] or [p for p in probes if p.name == name]
    if not chosen:
        names = list(dict.fromkeys(p.exercise for p in probes))
        raise ValueError(f"there is no exercise or probe {name!r}; the exercises are {', '.join(names)}")
    # All of the exercise, since together its probes name a mistake.
    exercise = [p for p in probes if p.exercise == chosen[0].exercise]
    key = read_key(_require(folder / "expected.safetensors"))
    lib = load_lib(_require(folder / "lib").parent)
    marks = mark(exercise, key, run_probes(exercise, lib, key.seeds))
    shown = [m for m in marks if name in (m.exercise, m.probe)]
    earned, points = sum(m.earned for m in shown), sum(m.points for m in shown)
    # Of a cell that failed, `nbgrader validate` shows only what it wrote to stderr.
    failed_there = earned < points and os.environ.get("NBGRADER_EXECUTION") == "validate"
    print(report(shown, details=True), file=sys.stderr if failed_there else sys.stdout)
    return float(earned)


def _require(path: Path) -> Path:
    """Return the path of a file or folder that must be there."""
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is missing from {path.parent.resolve()}; run this in the assignment's whole folder"
        )
    return path
