"""Check your own work: `check("attend")` asks your `lib/` the questions that grading asks, and says what
differs and, where it knows the mistake, how to find it. It needs no network and no kernel restart.

Grading asks the same questions about other numbers, drawn afresh.
"""

import os
import sys
from pathlib import Path

from .codec import pack, unpack
from .compare import difference
from .limit import NoTensorAbove
from .load import load_lib
from .mark import Key, Mark, mark
from .probe import Draw, Probe, load_probes, probe, raised, run
from .report import report

__all__ = ["Draw", "Key", "Mark", "NoTensorAbove", "Probe", "check", "probe", "raised"]


def check(name: str, folder: Path | str = ".") -> float:
    """Print how one exercise, or one probe of it, stands, and return the points it has earned.

    name is an exercise ("attend") or one of its probes ("causal"); folder is the assignment's folder.
    Raises ValueError for an unknown name and FileNotFoundError where the folder is not complete.
    """
    folder = Path(folder)
    probes = load_probes(_existing(folder / "probes.py"))
    chosen = [p for p in probes if p.of == name] or [p for p in probes if p.name == name]
    if not chosen:
        names = list(dict.fromkeys(p.of for p in probes))
        raise ValueError(f"there is no exercise or probe {name!r}; the exercises are {', '.join(names)}")
    exercise = [p for p in probes if p.of == chosen[0].of]  # all of it, since together they name a mistake
    key = read_key(_existing(folder / "expected.safetensors"))
    lib = load_lib(_existing(folder / "lib").parent)
    marks = mark(exercise, key, answers(exercise, lib, key.seeds))
    shown = [m for m in marks if name in (m.of, m.probe)]
    earned, points = sum(m.earned for m in shown), sum(m.points for m in shown)
    # Of a cell that failed, `nbgrader validate` shows only what it wrote to stderr.
    failed_there = earned < points and os.environ.get("NBGRADER_EXECUTION") == "validate"
    print(report(shown, details=True), file=sys.stderr if failed_there else sys.stdout)
    return float(earned)


def answers(probes: list[Probe], lib, seeds: list[str]) -> dict:
    """Return what lib answers to every probe on every seed."""
    return {f"{p.name}@{i}": run(p, lib, seed) for p in probes for i, seed in enumerate(seeds)}


def make_key(probes: list[Probe], seeds: list[str], reference, mistakes: dict) -> Key:
    """Ask the reference and every mistake; mistakes maps a name to (its hint, its lib, the probes it can change)."""
    want = answers(probes, reference, seeds)
    outputs = {
        name: answers([probe for probe in probes if probe.name in touched], lib, seeds)
        for name, (_, lib, touched) in mistakes.items()
    }
    return Key(
        seeds=seeds,
        want=want,
        mistakes={
            name: {probe: got for probe, got in output.items() if difference(want[probe], got)}
            for name, output in outputs.items()
        },
        hints={name: hint for name, (hint, _, _) in mistakes.items()},
    )


def write_key(path: Path, key: Key) -> None:
    """Write a key as one safetensors file."""
    everyone = {"": key.want, **key.mistakes}
    outputs = {f"{who}/{name}": values for who, output in everyone.items() for name, values in output.items()}
    outputs["/seeds"] = dict.fromkeys(key.seeds, "")
    outputs["/hints"] = dict(key.hints)
    path.write_bytes(pack(outputs))


def read_key(path: Path) -> Key:
    """Read what `write_key` wrote."""
    outputs = unpack(path.read_bytes())
    seeds, hints = list(outputs.pop("/seeds")), outputs.pop("/hints")
    mistakes = {name: {} for name in hints}
    want = {}
    for key, values in outputs.items():
        who, name = key.split("/", 1)
        (mistakes[who] if who else want)[name] = values
    return Key(seeds, want, mistakes, hints)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is missing from {path.parent.resolve()}; run this in the assignment's whole folder"
        )
    return path
