"""The gradebook as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from grading.assignment import Assignment
from grading.release.sample_class import SampleClass
from grading.verdict import Verdict

from . import form
from .export import standing
from .text_table import text_table


@dataclass(frozen=True)
class Row:
    """One student: automatic points by exercise (None: the grader failed), all points, the mistakes that were named."""

    student: str
    points: dict[str, float | None]
    score: (
        float | None
    )  # of the tests and of what a human gave, less what lateness costs; None if the grader failed
    waiting: int  # cells that a human has yet to look at
    named: set[str]
    unsandboxed: bool = False  # graded without a sandbox, which a flag allowed
    late: float = 0.0  # the penalty
    verdict: Verdict | None = None  # None if the work could not be graded


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
        unsandboxed = verdict is not None and verdict.unsandboxed
        late = notebook.late_submission_penalty or 0.0
        score = max(0.0, notebook.score - late) if standing(notebook)[1] else None
        found.append(Row(student, points, score, waiting, named, unsandboxed, late, verdict))
    return sorted(found, key=lambda row: row.student)


def text(assignment: Assignment, rows: list[Row]) -> str:
    """Return the table as text: points by exercise, what lateness costs if anybody is late, the score with a human's
    points, how many cells wait, and what known mistakes were forgiven if anybody was.
    """
    late = ["late"] if any(row.late for row in rows) else []
    forgiven = ["forgiven"] if any(row.verdict and row.verdict.forgiven for row in rows) else []
    limits = {exercise: sum(p.points for p in probes) for exercise, probes in assignment.exercises.items()}
    exercises = [f"{exercise}/{points}" for exercise, points in limits.items()]
    table = text_table(
        ["student", *exercises, *late, "score", "to read", "form", *forgiven, "mistake"],
        [
            [
                row.student,
                *("grader error" if value is None else value for value in row.points.values()),
                *(-row.late or "" for _ in late),
                "" if row.score is None else row.score,
                row.waiting or "",
                form.standing(row.verdict) if row.verdict else "",
                *(row.verdict.forgiven if row.verdict and row.verdict.forgiven else "" for _ in forgiven),
                ", ".join(sorted(row.named)),
            ]
            for row in rows
        ],
    )
    verdicts = {row.student: row.verdict for row in rows if row.verdict}
    without = [row.student for row in rows if row.unsandboxed]
    note = [f"graded without a sandbox: {', '.join(without)}"] if without else []
    return "\n".join([table, *note, *form.lines(verdicts)])


def compare(rows: list[Row], the_class: SampleClass) -> tuple[int, list[str]]:
    """Return how many rows are of the sample class, and a sentence for each of them that is not as it should be."""
    known = [row for row in rows if row.student in the_class.submissions]
    found = [the_class.difference(row.student, row.points, row.named) for row in known]
    return len(known), [sentence for sentence in found if sentence]
