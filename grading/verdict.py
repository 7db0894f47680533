"""The record of one grading: what was graded, against what, with which seed, and every mark with its reason."""

import hashlib
import json
from dataclasses import asdict, astuple, dataclass, field
from functools import cached_property
from typing import Any

from check.allowance import NOTHING, Allowance, Kept
from check.compare import Difference
from check.mark import CARRIED, Mark

# A probe's reason besides passed, wrong, error and missing, which check/mark.py gives.
TIMEOUT, MEMORY, CRASHED, MALFORMED = "timeout", "out of memory", "crashed", "malformed"
GRADER_ERROR = "grader error"  # the judge's own fault: no mark at all, never a zero
NO_SANDBOX = "none: "  # begins the name of what is no sandbox


@dataclass(frozen=True)
class Verdict:
    """submission and assignment_digest are hashes; notes are sentences about the submission as a whole.

    kept are the points that exercises have beyond those of their marks, as allowance says; in older verdicts, none.
    seconds is how long each probe took. That is different each time, so it is no part of what is compared or hashed.
    """

    assignment: str
    submission: str
    assignment_digest: str
    seed: str
    sandbox: str
    notes: tuple[str, ...]
    marks: tuple[Mark, ...]
    kept: tuple[Kept, ...] = ()
    allowance: Allowance = NOTHING
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """The hash of what decides the marks: the same id should always come with the same marks."""
        decisive = [self.assignment, self.submission, self.assignment_digest, self.seed]
        if self.allowance != NOTHING:  # as it always was until version 0.2
            decisive.append(repr(astuple(self.allowance)))
        return hashlib.sha256("\0".join(decisive).encode()).hexdigest()

    @property
    def grader_error(self) -> bool:
        """True if the judge itself failed in any probe."""
        return any(mark.reason == GRADER_ERROR for mark in self.marks)

    @property
    def unsandboxed(self) -> bool:
        """True if nothing but limits and a filter of system calls was around the submission."""
        return self.sandbox.startswith(NO_SANDBOX)

    def marks_of(self, exercise: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.exercise == exercise]

    def earned(self, exercise: str) -> float | None:
        """Return the exercise's points, or None if the judge itself failed there."""
        marks = self.marks_of(exercise)
        if any(mark.reason == GRADER_ERROR for mark in marks):
            return None
        kept = sum(kept.points for kept in self.kept if kept.exercise == exercise)
        return float(sum(mark.earned for mark in marks) + kept)

    @property
    def total(self) -> int:
        """The points of all exercises; one in which the judge itself failed has those of its other probes."""
        return sum(mark.earned for mark in self.marks) + sum(kept.points for kept in self.kept)

    @property
    def forgiven(self) -> int:
        """The points that came back though a known mistake lost them."""
        carried = sum(mark.earned for mark in self.marks if mark.reason == CARRIED)
        return carried + sum(kept.points for kept in self.kept)

    def to_json(self) -> str:
        """Return the one text of this verdict: the same grading gives the same bytes."""
        return self._text

    @cached_property
    def _text(self) -> str:
        return canonical(self.fields)

    @cached_property
    def fields(self) -> dict[str, Any]:
        """All that the verdict says, as JSON has it, without the seconds."""
        return {name: value for name, value in asdict(self).items() if name != "seconds"}

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read what to_json wrote, now or in an older version. Raises ValueError for any other text."""
        return cls.from_fields(json.loads(text))

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Verdict":
        """Return the verdict with these fields, as JSON has them. Raises ValueError for any others."""
        try:
            fields = _upgrade(fields)
            marks = tuple(_mark(mark) for mark in fields["marks"])
            about = {"notes": tuple(fields["notes"]), "marks": marks, **_allowance(fields)}
            return cls(**{**fields, **about})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the fields of a verdict: {error!r}") from error


def canonical(fields: dict[str, Any]) -> str:
    """Return the one text of a verdict's fields, which is what the record hashes."""
    return json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _mark(fields: dict[str, Any]) -> Mark:
    difference = fields["difference"] and Difference(**fields["difference"])
    lists = {name: tuple(fields[name]) for name in ("mistakes", "hints")}
    return Mark(**{**fields, **lists, "difference": difference})


def _allowance(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what a verdict says of known mistakes, which until version 0.2 was nothing."""
    if "kept" not in fields:
        return {}
    kept = tuple(Kept(**{**kept, "mistakes": tuple(kept["mistakes"])}) for kept in fields["kept"])
    return {"kept": kept, "allowance": Allowance(**fields["allowance"])}


def _upgrade(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict's fields under the names of today. Until version 0.1 the digest was called key."""
    if "key" not in fields:
        return fields
    fields = {
        "assignment_digest": fields["key"],
        **fields,
        "marks": list(map(_upgrade_mark, fields["marks"])),
    }
    del fields["key"]
    return fields


def _upgrade_mark(mark: dict[str, Any]) -> dict[str, Any]:
    """Return a mark's fields under the names of today: there was one mistake, and a grader's error was "held"."""
    mark = {"exercise": mark["of"], **mark}
    for old, new in {"mistake": "mistakes", "hint": "hints"}.items():
        mark[new] = () if mark[old] is None else (mark[old],)
    if mark["reason"] == "held":
        mark["reason"] = GRADER_ERROR
    return {name: value for name, value in mark.items() if name not in ("of", "mistake", "hint")}
