"""The gradebook as what follows from the record: say where it does not, and make it follow again."""

from collections.abc import Iterable, Iterator

from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedNotebook

from grading.bridge.gradebook import forget
from grading.errors import NotReleased
from grading.record import Entry
from grading.verdict import Verdict


def differences(book: Gradebook, assignment: str, last: dict[str, Entry]) -> list[str]:
    """Return a sentence for each automatic score of a test that does not follow from a student's last verdict."""
    found = []
    rows = _rows(book, assignment)
    for student, row in sorted(rows.items()):
        for grade, want in _expected_scores(row, last.get(student)):
            if grade.auto_score != want:
                found.append(
                    f"{student}: {grade.name} is {_points(grade.auto_score)} in the gradebook, "
                    f"{_points(want)} in the record"
                )
    lost = sorted(set(last) - set(rows) - removed(book, last))
    return found + [f"{student}: has a verdict in the record and no row in the gradebook" for student in lost]


def removed(book: Gradebook, students: Iterable[str]) -> set[str]:
    """Return those of these students whom the gradebook does not know, though it knows others."""
    known = {student.id for student in book.students}
    return set(students) - known if known else set()


def by_hand(book: Gradebook, assignment: str) -> list[str]:
    """Return a sentence for each test whose points a human has changed, which is allowed and should be known."""
    return [
        f"{student}: {grade.name} was given {_points(grade.manual_score)} by a human"
        for student, row in sorted(_rows(book, assignment).items())
        for grade in _tests(row)
        if grade.manual_score is not None
    ]


def contradictions(entries: list[Entry]) -> list[str]:
    """Return a sentence for each verdict whose marks are not those that the same work got before on the same seed."""
    first: dict[str, Entry] = {}
    found = []
    for entry in entries:
        if entry.verdict.grader_error:  # which says nothing about the work
            continue
        before = first.setdefault(entry.verdict.id, entry)
        if _reasons(before.verdict) != _reasons(entry.verdict):
            found.append(
                f"{entry.student}: graded at {entry.graded:%Y-%m-%d %H:%M:%S} with other marks than at "
                f"{before.graded:%Y-%m-%d %H:%M:%S}, though work, probes and seed are the same"
            )
    return found


def reconcile(book: Gradebook, assignment: str, last: dict[str, Entry]) -> None:
    """Write the automatic scores of tests that follow from the record.

    What a human gave stays. A student whose row was lost gets a new one, whose written answers wait for a human; one
    who was taken out of the gradebook stays out of it.
    """
    rows = _rows(book, assignment)
    lost = set(last) - set(rows) - removed(book, last)
    forget(book, assignment, {name: last[name].handed_in for name in lost})
    for student, row in _rows(book, assignment).items():
        for grade, want in _expected_scores(row, last.get(student)):
            if student not in rows or grade.auto_score != want:
                grade.auto_score = want
                grade.needs_manual_grade = want is None or grade.manual_score is not None
    book.db.commit()


def _rows(book: Gradebook, assignment: str) -> dict[str, SubmittedNotebook]:
    try:
        book.find_notebook(assignment, assignment)
    except MissingEntry as error:
        command = f"nbgrader generate_assignment {assignment}"
        raise NotReleased(f"{assignment!r} is not in the gradebook; run: {command}") from error
    return {row.student.id: row for row in book.notebook_submissions(assignment, assignment)}


def _tests(row: SubmittedNotebook) -> list[Grade]:
    return [grade for grade in row.grades if grade.cell.cell_type == "code"]


def _expected_scores(row: SubmittedNotebook, entry: Entry | None) -> Iterator[tuple[Grade, float | None]]:
    """Yield each test with the points that the last verdict gives, None without one."""
    for grade in _tests(row):
        yield grade, entry.verdict.earned(grade.name) if entry else None


def _reasons(verdict: Verdict) -> dict[str, tuple[int, str]]:
    kept = {f"kept of {kept.exercise}": (kept.points, "kept") for kept in verdict.kept}
    return {mark.probe: (mark.earned, mark.reason) for mark in verdict.marks} | kept


def _points(score: float | None) -> str:
    return "no points" if score is None else f"{score:g}"
