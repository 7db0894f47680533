"""Verdicts into nbgrader's gradebook, through its own API and schema."""

from datetime import datetime

from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import compute_checksum, is_solution
from sqlalchemy.orm import Query, contains_eager, selectinload

from grading.verdict import Verdict

BATCH_SIZE = 100  # students whose rows are in memory together


def cells_in_memory(book: Gradebook, assignment: str) -> list[BaseCell]:
    """Return the assignment's cells; as long as the list is kept, they are not read again for each student.

    Left to itself the session forgets every row at every commit.
    """
    book.db().expire_on_commit = False
    notebooks = book.find_assignment(assignment).notebooks
    return [
        cell for n in notebooks for cells in (n.grade_cells, n.solution_cells, n.task_cells) for cell in cells
    ]


def is_recorded(book: Gradebook, student: str, verdict: Verdict, timestamp: datetime | None) -> bool:
    """Return True if the gradebook already holds just this verdict."""
    try:
        notebook = book.find_submission_notebook(verdict.assignment, verdict.assignment, student)
    except MissingEntry:
        return False
    scores = {grade.name: grade.auto_score for grade in notebook.grades if grade.cell.cell_type == "code"}
    same = all(score == verdict.earned(name) for name, score in scores.items())
    return same and not verdict.grader_error and notebook.assignment.timestamp == timestamp


def forget(book: Gradebook, assignment: str, handed_in: dict[str, datetime | None]) -> None:
    """Make these students' submissions anew, with no automatic score: each cell then asks for a human.

    This comes before every grading, so that an old grade cannot outlive one that fails. A hundred are written at
    once: nbgrader's own way to make a submission commits four times for each.
    """
    notebook = book.find_notebook(assignment, assignment)
    known = {student for (student,) in book.db.query(Student.id)}
    book.db.add_all(Student(id=student) for student in handed_in if student not in known)
    students = list(handed_in)
    for some in (students[i : i + BATCH_SIZE] for i in range(0, len(students), BATCH_SIZE)):
        rows = {row.assignment.student_id: row for row in _rows(book, notebook, some)}
        for student in some:
            row = rows.get(student) or _new_row(book, notebook, student)
            row.assignment.timestamp, row.late_submission_penalty = handed_in[student], None
            for grade in row.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
            for comment in row.comments:
                comment.auto_comment = None
        book.db.commit()


def row_of(book: Gradebook, notebook: Notebook, student: str) -> SubmittedNotebook:
    """Return a student's row, which `forget` has made, with its grades and comments, in three questions."""
    (row,) = _rows(book, notebook, [student])
    return row


def _rows(book: Gradebook, notebook: Notebook, students: list[str]) -> Query:
    return (
        book.db.query(SubmittedNotebook)
        .join(SubmittedNotebook.assignment)
        .where(SubmittedNotebook.notebook_id == notebook.id, SubmittedAssignment.student_id.in_(students))
        .options(
            contains_eager(SubmittedNotebook.assignment),
            selectinload(SubmittedNotebook.grades),
            selectinload(SubmittedNotebook.comments),
        )
    )


def _new_row(book: Gradebook, notebook: Notebook, student: str) -> SubmittedNotebook:
    """Do what nbgrader's Gradebook.add_submission does, without a commit.

    By ids, so that no list of the assignment's or a cell's holds every row for as long as the batch runs.
    """
    with book.db.no_autoflush:  # else SQLAlchemy warns of half-made rows
        submission = SubmittedAssignment(assignment_id=notebook.assignment_id, student_id=student)
        row = SubmittedNotebook(notebook_id=notebook.id, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell_id=cell.id, notebook=row)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            Comment(cell_id=cell.id, notebook=row)
        book.db.add(submission)
    return row


def record(row: SubmittedNotebook, notebook: NotebookNode, verdict: Verdict) -> None:
    """Put one verdict into a student's row: points for the tests, for a written answer either 0 or a human's turn.

    Whoever calls commits, many at once, and brings the late penalties up to date.

    A score that a human gave stays, and is marked to be looked at again, as nbgrader does. An exercise in which the
    grader itself failed has no score and needs a human.
    """
    written = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if is_solution(cell)}
    empty = {
        name for name, cell in written.items() if cell.metadata.nbgrader.checksum == compute_checksum(cell)
    }
    for grade in row.grades:
        score = 0.0 if grade.name in empty else None if grade.name in written else verdict.earned(grade.name)
        grade.auto_score = score
        grade.needs_manual_grade = score is None or grade.manual_score is not None
    for comment in row.comments:
        comment.auto_comment = "No response." if comment.name in empty else None
