"""Grades as a file for Canvas, for Moodle, or for anything that reads CSV.

A spreadsheet takes a cell that begins with = + - @ for a formula, and some look behind a tab or a line end first. A
text cell that begins so gets an apostrophe in front, after which every spreadsheet takes it for text; a text that
begins with apostrophes and then such a character gets one more, so that unescape_formula() finds every text again. Numbers
are our own and stay numbers. All texts are quoted, quotes in them doubled, as RFC 4180 says.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # the last four are the wide forms, which some spreadsheets read too
Cell = str | float | None


@dataclass(frozen=True)
class Line:
    """One student; score is None if nothing was handed in or the judge holds it, which is never a zero."""

    student: str
    last_name: str
    first_name: str
    email: str
    lms_id: str
    raw: float | None
    late: float | None
    score: float | None
    most: float
    why: str = ""  # why there is no score, or why it is not the last word


def lines(book: Gradebook, assignment: str) -> list[Line]:
    """Return a line for each student of the course. Raises ValueError for an assignment that is not released."""
    try:
        most = book.find_assignment(assignment).max_score
    except MissingEntry as error:
        raise ValueError(f"{assignment!r} is not in the gradebook; release it first") from error
    rows = {row.student.id: row for row in book.notebook_submissions(assignment, assignment)}
    found = []
    for student in book.students:
        row = rows.get(student.id)
        why, raw, late = _scored(row)
        about = (student.id, student.last_name, student.first_name, student.email, student.lms_user_id)
        score = None if raw is None else max(0.0, raw - late)
        found.append(Line(*(field or "" for field in about), raw, late, score, most, why))
    return sorted(found, key=lambda line: line.student)


def _scored(row) -> tuple[str, float | None, float | None]:
    """Return why there is no score or not the last one, the points, and the penalty for lateness."""
    if row is None:
        return "nothing was handed in", None, None
    if any(
        g.cell.cell_type == "code" and g.auto_score is None and g.manual_score is None for g in row.grades
    ):
        return "held", None, None
    why = "answers wait for a human" if any(g.needs_manual_grade for g in row.grades) else ""
    return why, float(row.score), float(row.late_submission_penalty or 0)


def canvas(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return the table that Canvas imports in its gradebook: five columns about the student, then the assignment.

    Canvas finds a student by its own ID (nbgrader's lms_user_id), else by the SIS Login ID, and makes an
    assignment of a name that it does not know.
    """
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    points = ["    Points Possible", "", "", "", "", lines[0].most if lines else 0.0]
    name = [", ".join(part for part in (line.last_name, line.first_name) if part) for line in lines]
    return [
        head,
        points,
        *(
            [n or li.student, li.lms_id, "", li.student, "", li.score]
            for n, li in zip(name, lines, strict=True)
        ),
    ]


def moodle(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return the table as Moodle exports one; on import map "Email address" or "ID number" to the user."""
    head = ["First name", "Last name", "ID number", "Email address", f"Assignment: {assignment} (Real)"]
    return [head, *([li.first_name, li.last_name, li.student, li.email, li.score] for li in lines)]


def plain(assignment: str, lines: list[Line]) -> list[list[Cell]]:
    """Return everything that is known, under names of our own."""
    head = ["assignment", "student", "last_name", "first_name", "email", "raw_score", "late_penalty", "score"]
    return [
        [*head, "max_score", "note"],
        *(
            [
                assignment,
                li.student,
                li.last_name,
                li.first_name,
                li.email,
                li.raw,
                li.late,
                li.score,
                li.most,
                li.why,
            ]
            for li in lines
        ),
    ]


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
