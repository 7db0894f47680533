"""Turn what a library returned into marks: points probe by probe, the reason, and the mistakes' names.

The student's own `check` and the judge both mark with this file.
"""

from dataclasses import dataclass
from typing import Any

from .compare import Difference, Values, difference
from .key import AnswerKey, output_names
from .naming import name_mistakes
from .probe import Failure, Probe

PASSED, WRONG, ERROR, MISSING = "passed", "wrong", "error", "missing"
CARRIED = "carried"  # right on top of a mistake in another exercise: see once.py


@dataclass(frozen=True)
class Mark:
    """What one probe earned and why. reason is passed, carried, wrong, error, missing or one of the judge's own.

    mistakes are the names of those that give just these values, usually one; hints are theirs, in the same order. given is
    the exercise whose mistake is carried.
    """

    probe: str
    exercise: str
    doc: str
    points: int
    earned: int
    reason: str
    difference: Difference | None = None
    mistakes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    error: str = ""
    trace: str = ""
    given: str = ""


def mark(probes: list[Probe], key: AnswerKey, got: dict[str, Values]) -> list[Mark]:
    """Mark every probe of one exercise. A probe earns its points only if it is right on every seed."""
    names = [name for probe in probes for name in output_names(probe, key.seeds)]
    answered = {name: got[name] for name in names if name in got}
    named = name_mistakes({name: key.want[name] for name in answered}, answered, key.mistakes)
    return [_mark_one(probe, key, answered, named) for probe in probes]


def _mark_one(
    probe: Probe, key: AnswerKey, got: dict[str, Values], named: dict[str, tuple[str, ...]]
) -> Mark:
    """Return the mark of one probe, which is decided by the first of its outputs that is not right."""
    for name in output_names(probe, key.seeds):
        if name not in got:
            return _marked(probe, MISSING)
        found = difference(key.want[name], got[name])
        if found:
            about = {"mistakes": named[name], "hints": tuple(key.hints[mistake] for mistake in named[name])}
            return _failed(probe, got[name], found, about)
    return _marked(probe, PASSED, earned=probe.points)


def _failed(probe: Probe, got: Values, found: Difference, about: dict[str, Any]) -> Mark:
    if isinstance(got, Failure):
        error = f"{got.error}: {got.message}".removesuffix(": ")
        return _marked(probe, ERROR, error=error, trace=got.trace, **about)
    return _marked(probe, WRONG, difference=found, **about)


def _marked(probe: Probe, reason: str, earned: int = 0, **about: Any) -> Mark:
    return Mark(probe.name, probe.exercise, probe.doc, probe.points, earned, reason, **about)
