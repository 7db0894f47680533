"""Marks as the text that a student reads."""

import textwrap

from .mark import PASSED, Mark


def report(marks: list[Mark], *, details: bool) -> str:
    """Return one line a probe and, under a failed one, what differs and the hint.

    details adds the first wrong index, the student's value there and by how much it is off; the judge
    leaves them out, since they would give away what was expected.
    """
    earned, points = sum(mark.earned for mark in marks), sum(mark.points for mark in marks)
    lines = [f"{marks[0].exercise}: {earned} of {points} points"]
    given: set[str] = set()
    for mark in marks:
        sign = "✓" if mark.reason == PASSED else "✗"
        lines.append(f"  {sign} {mark.probe:<22} {mark.earned}/{mark.points}  {mark.doc}")
        if mark.reason == PASSED:
            continue
        lines += _indent(_explain(mark, details))
        lines += [line for hint in mark.hints if hint not in given for line in _indent(f"→ {hint}")]
        given.update(mark.hints)
    return "\n".join(lines)


def _explain(mark: Mark, details: bool) -> str:
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
