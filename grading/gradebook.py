"""Verdicts into nbgrader's gradebook, through its own API and schema."""

from datetime import datetime

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_solution
from sqlalchemy.orm import selectinload

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


def forget(
    book: Gradebook, assignment: str, handed_in: dict[str, datetime | None]
) -> dict[str, SubmittedNotebook]:
    """Make these students' submissions anew, with no automatic score: each cell then asks for a human.

    This comes before every grading, so that an old grade cannot outlive one that fails. All is written at once:
    nbgrader's own way to make a submission commits four times. Returns each student's row.
    """
    of, parts = book.find_assignment(assignment), selectinload(SubmittedAssignment.notebooks)
    known = {student for (student,) in book.db.query(Student.id)}
    book.db.add_all(Student(id=student) for student in handed_in if student not in known)
    found = (
        book.db.query(SubmittedAssignment)
        .filter_by(assignment_id=of.id)
        .options(parts.selectinload(SubmittedNotebook.grades), parts.selectinload(SubmittedNotebook.comments))
    )
    submissions = {submission.student_id: submission for submission in found}
    rows = {}
    for student, timestamp in handed_in.items():
        submission = submissions.get(student) or _new_submission(book, of, student)
        submission.timestamp = timestamp
        rows[student] = next(row for row in submission.notebooks if row.notebook.name == assignment)
        for grade in rows[student].grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        for comment in rows[student].comments:
            comment.auto_comment = None
        rows[student].late_submission_penalty = None
    book.db.commit()
    return rows


def _new_submission(book: Gradebook, of: Assignment, student: str) -> SubmittedAssignment:
    """Do what nbgrader's Gradebook.add_submission does, without a commit."""
    with book.db.no_autoflush:  # else SQLAlchemy warns of half-made rows
        submission = SubmittedAssignment(assignment=of, student_id=student)
        for notebook in of.notebooks:
            row = SubmittedNotebook(notebook=notebook, assignment=submission)
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                Grade(cell=cell, notebook=row)
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                Comment(cell=cell, notebook=row)
        book.db.add(submission)
    return submission


def record(
    book: Gradebook, row: SubmittedNotebook, notebook: NotebookNode, verdict: Verdict, converter
) -> None:
    """Put one verdict into a student's row: points for the tests, for a written answer either 0 or a human's turn.

    Whoever calls commits, many at once.

    A score that a human gave stays, and is marked to be looked at again, as nbgrader does. A held exercise
    has no score and needs a human. converter gives the late penalties their configuration.
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
    penalise_lateness(book, row, converter)


def penalise_lateness(book: Gradebook, row: SubmittedNotebook, converter) -> None:
    """Do what nbgrader's AssignLatePenalties does, on the connection that is already open."""
    seconds = row.assignment.total_seconds_late
    if seconds > 0:
        late = AssignLatePenalties(parent=converter)
        late.init_plugin()
        book.db.flush()
        book.db.refresh(row)  # its score, which the database adds up
        penalty = late.plugin_inst.late_submission_penalty(row.assignment.student_id, row.score, seconds)
        if penalty is not None:
            row.late_submission_penalty = late._check_late_penalty(row, penalty)
