"""Marks as the text that a student reads."""

import textwrap
from collections.abc import Sequence

from .allowance import Kept
from .mark import CARRIED, PASSED, Mark

KEPT = "all that fails here is one known mistake, which does not cost the whole exercise"


def report(marks: list[Mark], *, details: bool, notes: Sequence[str] = (), kept: Sequence[Kept] = ()) -> str:
    """Return one line a probe and, under a failed one, what differs and the hint; notes come before all, last what the
    exercise keeps.

    details adds the first wrong index, the student's value there and by how much it is off; the judge
    leaves them out, since they would give away what was expected.
    """
    earned, points = sum(mark.earned for mark in marks), sum(mark.points for mark in marks)
    earned += sum(one.points for one in kept)
    lines = [f"{marks[0].exercise}: {earned} of {points} points"]
    lines += [line for note in notes for line in _indent(f"! {note}")]
    for mark, hints in zip(marks, hints_by_mark(marks), strict=True):
        sign = "✓" if mark.reason in (PASSED, CARRIED) else "✗"
        lines.append(f"  {sign} {mark.probe:<22} {mark.earned}/{mark.points}  {mark.doc}")
        if mark.reason == PASSED:
            continue
        lines += _indent(explain(mark, details))
        lines += [line for hint in hints for line in _indent(f"→ {hint}")]
    lines += [f"  + {one.points} points: {KEPT}" for one in kept]
    return "\n".join(lines)


def hints_by_mark(marks: list[Mark]) -> list[list[str]]:
    """Return the hints of each mark, every hint once."""
    given: set[str] = set()
    found = []
    for mark in marks:
        hints = () if mark.reason == CARRIED else mark.hints  # the hint stands where the mistake is
        found.append([hint for hint in dict.fromkeys(hints) if hint not in given])
        given.update(hints)
    return found


def explain(mark: Mark, details: bool) -> str:
    """Return what differs, or the error with the student's own lines; nothing that a terminal or a page would obey."""
    text = _explain(mark, details)
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def _explain(mark: Mark, details: bool) -> str:
    if mark.reason == CARRIED:
        return (
            f"carried, right with your {mark.given}, whose mistake is a known one and costs points only there"
        )
    if mark.difference:
        short = f"case {mark.difference.case!r}: {mark.difference.kind}"
        return f"{mark.reason}, {mark.difference if details else short}"
    if mark.error.startswith("NotImplementedError"):
        return mark.error  # of a stub, whose message says all
    if mark.error:
        return f"{mark.reason}, {mark.error}" + (f"\n{mark.trace}" if mark.trace else "")
    return mark.reason


def _indent(text: str) -> list[str]:
    wrapped = [piece for line in text.splitlines() for piece in textwrap.wrap(line, 96) or [""]]
    return [f"      {line}" for line in wrapped]
