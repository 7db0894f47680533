"""What the form of the work cost: files that were not where they belong, and what was done about it."""

from check.mark import MISSING
from grading.judge.reader import UNUSED
from grading.verdict import Verdict

COSTS, SHOWN = "0 FOR FORM", "see below"


def standing(verdict: Verdict) -> str:
    """Return a word for the table: whether points were lost by a file that was not read, or anything was repaired."""
    if any(mark.reason == MISSING for mark in verdict.marks):
        return COSTS
    return SHOWN if _notes(verdict) else ""


def lines(verdicts: dict[str, Verdict]) -> list[str]:
    """Return a line for each student whose work was not in good form, those first whom it cost points."""
    found = [(standing(verdict), student, verdict) for student, verdict in verdicts.items()]
    found.sort(key=lambda one: (one[0] != COSTS, one[1]))
    return [f"{student}: {'; '.join(_notes(verdict))}" for word, student, verdict in found if word]


def _notes(verdict: Verdict) -> list[str]:
    """Return the notes; a file that nobody asked for is only of interest where another one is missing."""
    missing = any(mark.reason == MISSING for mark in verdict.marks)
    return [note for note in verdict.notes if missing or not note.endswith((UNUSED, "were not used either"))]
