"""The gradebook as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from grading.assignment import Assignment
from grading.release.sample_class import SampleClass
from grading.verdict import Verdict


@dataclass(frozen=True)
class Row:
    """One student: automatic points by exercise (None: held), what a human gave, the mistakes that were named."""

    student: str
    points: dict[str, float | None]
    score: float
    waiting: int  # cells that a human has yet to look at
    named: set[str]
    unsandboxed: bool = False  # graded without a sandbox, which a flag allowed


def rows(book: Gradebook, assignment: Assignment, folder_of: Callable[[str], str]) -> list[Row]:
    """Return a row for each submission in the gradebook; folder_of gives a student's autograded folder."""
    name = assignment.name
    found = []
    for notebook in book.notebook_submissions(name, name):
        student = notebook.student.id
        grades = {grade.name: grade for grade in notebook.grades}
        points = {exercise: grades[exercise].auto_score for exercise in assignment.exercises}
        waiting = sum(grade.needs_manual_grade for grade in notebook.grades)
        path = Path(folder_of(student)) / "verdict.json"
        verdict = Verdict.from_json(path.read_text("utf8")) if path.is_file() else None
        named = {name for mark in verdict.marks for name in mark.mistakes} if verdict else set()
        unsandboxed = bool(verdict) and verdict.sandbox.startswith("none")
        found.append(Row(student, points, notebook.score, waiting, named, unsandboxed))
    return sorted(found, key=lambda row: row.student)


def text(assignment: Assignment, rows: list[Row]) -> str:
    """Return the table as text: points by exercise, the score with a human's points, how many cells wait."""
    most = {exercise: sum(p.points for p in probes) for exercise, probes in assignment.exercises.items()}
    head = [
        "student",
        *(f"{exercise}/{points}" for exercise, points in most.items()),
        "score",
        "to read",
        "mistake",
    ]
    lines = [head]
    for row in rows:
        points = ["held" if value is None else f"{value:g}" for value in row.points.values()]
        lines.append(
            [row.student, *points, f"{row.score:g}", str(row.waiting or ""), ", ".join(sorted(row.named))]
        )
    without = [row.student for row in rows if row.unsandboxed]
    warning = [f"graded without a sandbox: {', '.join(without)}"] if without else []
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join(
            cell.ljust(width) if i in (0, len(head) - 1) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*shown, *warning])


def differences(assignment: Assignment, rows: list[Row]) -> list[str]:
    """Return a sentence for each of the sample class whose points, or named mistake, are not as they should be."""
    the_class, found = SampleClass(assignment), []
    known = [row for row in rows if row.student in the_class.submissions]
    expected = the_class.expected() if known else {}
    for row in known:
        mistake = row.student.partition("mistake-")[2]
        if row.points != expected[row.student]:
            found.append(f"{row.student} has {row.points}, but should have {expected[row.student]}")
        elif mistake and mistake not in row.named:
            found.append(f"{row.student}: the mistake was not named; named were {sorted(row.named)}")
    return found
