"""What each probe should say of each member of the sample class, from the released answer key alone."""

from collections.abc import Iterable
from pathlib import Path

from check import AnswerKey, Mark, read_key
from check.compare import difference
from check.mark import ERROR, MISSING, PASSED
from check.once import mark_exercises
from grading.assignment import Assignment
from grading.judge.intake import Submission, read_submission
from grading.release.sample_class import SampleClass

# By probe: the points earned, the reason, the mistakes that are named.
Answer = dict[str, tuple[int, str, tuple[str, ...]]]
NOTHING_RUNS = {"stub": ERROR, "form-syntax-error": ERROR, "form-no-module": MISSING}


def answer(marks: Iterable[Mark]) -> Answer:
    """Return what a verdict must say however often it is given."""
    return {mark.probe: (mark.earned, mark.reason, mark.mistakes) for mark in marks}


def submissions(assignment: Assignment, folder: Path) -> list[Submission]:
    """Lay the sample class out in a folder and read it as the judge does."""
    the_class = SampleClass(assignment)
    the_class.write_submissions(released(assignment), lambda student: str(folder / student))
    return [read_submission(folder / student, assignment, student) for student in the_class.submissions]


def released(assignment: Assignment) -> Path:
    return assignment.root / "exercises" / assignment.name


def expected(assignment: Assignment) -> dict[str, Answer]:
    """Return the answer for each member of the sample class, by student id."""
    key = read_key(released(assignment) / "expected.safetensors")
    return {student: _expected(assignment, key, student) for student in SampleClass(assignment).submissions}


def _expected(assignment: Assignment, key: AnswerKey, student: str) -> Answer:
    kind, _, name = student.partition("-")
    if student in NOTHING_RUNS:
        return {probe.name: (0, NOTHING_RUNS[student], ()) for probe in assignment.probes}
    if kind != "mistake":
        return {probe.name: (probe.points, PASSED, ()) for probe in assignment.probes}
    got = key.want | key.mistakes[name]
    return answer(mark_exercises(assignment.probes, key, got)[0])


def rivals(assignment: Assignment) -> dict[str, set[str]]:
    """Return for each mistake those that fail some probe in the same way, so that their names compete for it."""
    mistakes = read_key(released(assignment) / "expected.safetensors").mistakes
    return {one: {other for other in mistakes if _alike(mistakes[one], mistakes[other])} for one in mistakes}


def _alike(one: dict, other: dict) -> bool:
    return any(not difference(one[name], other[name]) for name in one.keys() & other.keys())


def wrong(assignment: Assignment, student: str, found: Answer, wanted: Answer) -> list[str]:
    """Return a sentence for each probe that does not say what it should."""
    mistake = student.partition("mistake-")[2]
    return [
        f"{student}: {probe.name} is {found[probe.name]} and should be {wanted[probe.name]}"
        for probe in assignment.probes
        if not _is_right(found[probe.name], wanted[probe.name], mistake)
    ]


def _is_right(found: tuple, wanted: tuple, mistake: str) -> bool:
    """Return True if points and reason are the same, and the mistake is among those named just where it should be."""
    named = mistake in found[2] if wanted[2] else not found[2]
    return found[:2] == wanted[:2] and named
