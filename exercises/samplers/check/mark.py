"""Turn what a library returned into marks: points probe by probe, the reason, and the mistake's name.

The student's own `check` and the judge both mark with this file.
"""

from dataclasses import dataclass

from .compare import Difference, Values, difference, name_mistake
from .probe import Failure, Probe

PASSED, WRONG, ERROR, MISSING = "passed", "wrong", "error", "missing"


@dataclass(frozen=True)
class Mark:
    """What one probe earned and why. reason is passed, wrong, error, missing or one of the judge's own."""

    probe: str
    of: str
    doc: str
    points: int
    earned: int
    reason: str
    difference: Difference | None = None
    mistake: str | None = None
    hint: str | None = None
    error: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Key:
    """The answer key of one assignment: what the reference and every mistake return on the same seeds.

    Outputs are named "probe@0", "probe@1", … for the first, second, … seed. A mistake's outputs hold only
    those that differ from the reference's.
    """

    seeds: list[str]
    want: dict[str, Values]
    mistakes: dict[str, dict[str, Values]]
    hints: dict[str, str]


def asked(probe: Probe, key: Key) -> list[str]:
    """Return the names of one probe's outputs, one for each seed."""
    return [f"{probe.name}@{i}" for i in range(len(key.seeds))]


def mark(probes: list[Probe], key: Key, got: dict[str, Values]) -> list[Mark]:
    """Mark every probe of one exercise. A probe earns its points only if it is right on every seed."""
    names = [name for probe in probes for name in asked(probe, key)]
    answered = {name: got[name] for name in names if name in got}
    named = name_mistake({name: key.want[name] for name in answered}, answered, key.mistakes)
    return [_mark_one(probe, key, answered, named) for probe in probes]


def _mark_one(probe: Probe, key: Key, got: dict[str, Values], named: dict[str, str]) -> Mark:
    about = {"probe": probe.name, "of": probe.of, "doc": probe.doc, "points": probe.points}
    for name in asked(probe, key):
        if name not in got:
            return Mark(**about, earned=0, reason=MISSING)
        found = difference(key.want[name], got[name])
        if not found:
            continue
        mistake = named.get(name)
        hint = key.hints[mistake] if mistake else None
        if isinstance(got[name], Failure):
            error = f"{got[name].error}: {got[name].message}".removesuffix(": ")
            return Mark(
                **about,
                earned=0,
                reason=ERROR,
                mistake=mistake,
                hint=hint,
                error=error,
                trace=got[name].trace,
            )
        return Mark(**about, earned=0, reason=WRONG, difference=found, mistake=mistake, hint=hint)
    return Mark(**about, earned=probe.points, reason=PASSED)
