"""The record of one grading: what was graded, against what, with which seed, and every mark with its reason."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property

from check.compare import Difference
from check.mark import Mark

# A probe's reason besides passed, wrong, error and missing, which check/mark.py gives.
TIMEOUT, MEMORY, CRASHED, MALFORMED = "timeout", "out of memory", "crashed", "malformed"
HELD = "held"  # the judge's own fault: no mark at all, never a zero


@dataclass(frozen=True)
class Verdict:
    """submission and key are hashes; notes are sentences about the submission as a whole.

    seconds is how long each probe took. That is different each time, so it is no part of what is compared or hashed.
    """

    assignment: str
    submission: str
    key: str
    seed: str
    sandbox: str
    notes: tuple[str, ...]
    marks: tuple[Mark, ...]
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """The hash of what decides the marks: the same id should always come with the same marks."""
        decisive = (self.assignment, self.submission, self.key, self.seed)
        return hashlib.sha256("\0".join(decisive).encode()).hexdigest()

    @property
    def held(self) -> bool:
        return any(mark.reason == HELD for mark in self.marks)

    def of(self, exercise: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.of == exercise]

    def earned(self, exercise: str) -> float | None:
        """Return the exercise's points, or None if they are held."""
        marks = self.of(exercise)
        return None if any(m.reason == HELD for m in marks) else float(sum(m.earned for m in marks))

    def to_json(self) -> str:
        """Return the one text of this verdict: the same grading gives the same bytes."""
        return self._text

    @cached_property
    def _text(self) -> str:
        return json.dumps(self.fields, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @cached_property
    def fields(self) -> dict:
        """All that the verdict says, as JSON has it, without the seconds."""
        return {name: value for name, value in asdict(self).items() if name != "seconds"}

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read what to_json wrote."""
        fields = json.loads(text)
        marks = tuple(
            Mark(**{**m, "difference": m["difference"] and Difference(**m["difference"])})
            for m in fields["marks"]
        )
        return cls(**{**fields, "notes": tuple(fields["notes"]), "marks": marks})
