"""Grades as a file for Canvas, for Moodle, or for anything that reads CSV.

A spreadsheet takes a cell that begins with = + - @ for a formula, and some look behind a tab or a line end first. A
text cell that begins so gets an apostrophe in front, after which every spreadsheet takes it for text; a text that
begins with apostrophes and then such a character gets one more, so that unescape_formula() finds every text again. Numbers
are our own and stay numbers. All texts are quoted, quotes in them doubled, as RFC 4180 says.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedNotebook

from grading.errors import NotReleased

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # the last four are the wide forms, which some spreadsheets read too
Cell = str | float | None


@dataclass(frozen=True)
class Line:
    """One student; score is None if nothing was handed in or the grader failed, which is never a zero."""

    student: str
    last_name: str
    first_name: str
    email: str
    lms_id: str
    raw: float | None
    late: float | None
    score: float | None
    max_score: float
    why: str = ""  # why there is no score, or why it is not the last word


def lines(book: Gradebook, assignment: str) -> list[Line]:
    """Return a line for each student of the course. Raises NotReleased for an assignment that is not in it."""
    try:
        max_score = book.find_assignment(assignment).max_score
    except MissingEntry as error:
        raise NotReleased(f"{assignment!r} is not in the gradebook; release it first") from error
    rows = {row.student.id: row for row in book.notebook_submissions(assignment, assignment)}
    found = [_line(student, rows.get(student.id), max_score) for student in book.students]
    return sorted(found, key=lambda line: line.student)


def _line(student: Student, row: SubmittedNotebook | None, max_score: float) -> Line:
    why, scored = standing(row)
    raw: float | None = None
    late: float | None = None
    score: float | None = None
    if row is not None and scored:
        raw, late = float(row.score), float(row.late_submission_penalty or 0)
        score = max(0.0, raw - late)
    name = (student.last_name or "", student.first_name or "")
    address = (student.email or "", student.lms_user_id or "")
    return Line(student.id, *name, *address, raw, late, score, max_score, why)


def standing(row: SubmittedNotebook | None) -> tuple[str, bool]:
    """Return why there is no score or not the last one, and whether there is one."""
    if row is None:
        return "nothing was handed in", False
    tests = [grade for grade in row.grades if grade.cell.cell_type == "code"]
    if any(grade.auto_score is None and grade.manual_score is None for grade in tests):
        return "grader error, to be graded again", False
    waits = any(grade.needs_manual_grade for grade in row.grades)
    return "answers wait for a human" if waits else "", True


def canvas(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return the table that Canvas imports in its gradebook: five columns about the student, then the assignment.

    Canvas finds a student by its own ID (nbgrader's lms_user_id), else by the SIS Login ID, and makes an
    assignment of a name that it does not know.
    """
    head: list[Cell] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    points: list[Cell] = ["    Points Possible", "", "", "", "", lines[0].max_score if lines else 0.0]
    rows: list[list[Cell]] = [
        [_full_name(li) or li.student, li.lms_id, "", li.student, "", li.score] for li in lines
    ]
    return [head, points, *rows]


def _full_name(line: Line) -> str:
    return ", ".join(part for part in (line.last_name, line.first_name) if part)


def moodle(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return the table as Moodle exports one; on import map "Email address" or "ID number" to the user."""
    score = f"Assignment: {assignment} (Real)"
    head: list[Cell] = ["First name", "Last name", "ID number", "Email address", score]
    rows: list[list[Cell]] = [[li.first_name, li.last_name, li.student, li.email, li.score] for li in lines]
    return [head, *rows]


def plain(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return everything that is known, under names of our own."""
    who = ("student", "last_name", "first_name", "email")
    head: list[Cell] = ["assignment", *who, "raw_score", "late_penalty", "score", "max_score", "note"]
    fields = attrgetter(*who, "raw", "late", "score", "max_score", "why")
    rows: list[list[Cell]] = [[assignment, *fields(line)] for line in lines]
    return [head, *rows]


FORMATS: dict[str, Callable[[str, list[Line]], list[list[Cell]]]] = {
    "canvas": canvas,
    "moodle": moodle,
    "csv": plain,
}


def write(path: Path, table: list[list[Cell]]) -> None:
    """Write a table as CSV in UTF-8."""
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerows([[_cell(cell) for cell in row] for row in table])


def _cell(cell: Cell) -> str | float:
    if cell is None:
        return ""
    return escape_formula(cell) if isinstance(cell, str) else cell


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> escape_formula("=1+1"), escape_formula("'=1+1"), escape_formula("O'Neill")
    ("'=1+1", "''=1+1", "O'Neill")
    """
    return "'" + text if text.lstrip("'").startswith(DANGEROUS) else text


def unescape_formula(text: str) -> str:
    """Return the text that escape_formula() was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(DANGEROUS) else text
