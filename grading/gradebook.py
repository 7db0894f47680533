"""Verdicts into nbgrader's gradebook, through its own API and schema."""

from datetime import datetime

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_solution

from .verdict import Verdict


def cells_in_memory(book: Gradebook, assignment: str) -> list[BaseCell]:
    """Return the assignment's cells; as long as they are held, they are not read again for each student.

    Left to itself the session forgets every row at every commit.
    """
    book.db().expire_on_commit = False
    notebooks = book.find_assignment(assignment).notebooks
    return [
        cell for n in notebooks for cells in (n.grade_cells, n.solution_cells, n.task_cells) for cell in cells
    ]


def is_recorded(book: Gradebook, student: str, verdict: Verdict, timestamp: datetime | None) -> bool:
    """Say whether the gradebook already holds just this verdict."""
    try:
        notebook = book.find_submission_notebook(verdict.assignment, verdict.assignment, student)
    except MissingEntry:
        return False
    scores = {grade.name: grade.auto_score for grade in notebook.grades if grade.cell.cell_type == "code"}
    same = all(score == verdict.earned(name) for name, score in scores.items())
    return same and not verdict.held and notebook.assignment.timestamp == timestamp


def forget(book: Gradebook, assignment: str, student: str, timestamp: datetime | None) -> None:
    """Make the student's submission anew, with no automatic score: each cell then asks for a human.

    This comes before every grading, so that an old grade cannot outlive one that fails.
    """
    book.update_or_create_student(student)
    with book.db.no_autoflush:  # else SQLAlchemy warns of nbgrader's half-made rows
        book.update_or_create_submission(assignment, student, timestamp=timestamp)
    notebook = book.find_submission_notebook(assignment, assignment, student)
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = None, True
    for comment in notebook.comments:
        comment.auto_comment = None
    notebook.late_submission_penalty = None
    book.db.commit()


def record(book: Gradebook, student: str, notebook: NotebookNode, verdict: Verdict, converter) -> None:
    """Write one verdict: points for the tests, and for a written answer either 0 or a human's turn.

    A score that a human gave stays, and is marked to be looked at again, as nbgrader does. A held exercise
    has no score and needs a human. converter gives the late penalties their configuration.
    """
    row = book.find_submission_notebook(verdict.assignment, verdict.assignment, student)
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
    book.db.commit()
    penalise_lateness(book, student, row, converter)


def penalise_lateness(book: Gradebook, student: str, row: SubmittedNotebook, converter) -> None:
    """Do what nbgrader's AssignLatePenalties does, on the connection that is already open."""
    late = AssignLatePenalties(parent=converter)
    late.init_plugin()
    if row.assignment.total_seconds_late > 0:
        seconds = row.assignment.total_seconds_late
        book.db.refresh(row)  # its score, which the database adds up
        penalty = late.plugin_inst.late_submission_penalty(student, row.score, seconds)
        if penalty is not None:
            row.late_submission_penalty = late._check_late_penalty(row, penalty)
            book.db.commit()
