"""Late penalties that follow from what the gradebook says now: due date, extension, time of hand-in, points, settings.

nbgrader computes a penalty when it autogrades, and any of these can change later. So whatever shows a score first
calls `update_penalties`.
"""

import math
from datetime import timedelta

from nbgrader.api import Assignment, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from sqlalchemy import Row, func, or_, select

LATE = SubmittedNotebook.late_submission_penalty


def update_penalties(book: Gradebook, policy: LateSubmissionPlugin) -> None:
    """Write the penalty of everybody who is late, of all points earned so far, and take back that of all others."""
    rows = list(book.db.execute(_LATE_OR_FINED))
    scores = {id: score for id, score in book.db.execute(_POINTS)} if rows else {}
    for row in rows:
        penalty = _penalty(policy, row, scores.get(row.id, 0.0))
        if not math.isclose(penalty, row.penalty or 0.0, rel_tol=1e-6):  # PostgreSQL keeps seven digits
            book.db.get(SubmittedNotebook, row.id).late_submission_penalty = penalty
    if book.db.dirty:
        book.db.commit()
    else:
        book.db.rollback()  # the session would go on to see the gradebook of this moment


_LATE_OR_FINED = (
    select(
        SubmittedNotebook.id,
        LATE.label("penalty"),
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
        Assignment.duedate,
    )
    .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
    .join(Assignment, Notebook.assignment_id == Assignment.id)
    .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    .where(or_(SubmittedAssignment.timestamp > Assignment.duedate, LATE != 0.0))
)


_POINTS = (
    select(Grade.notebook_id, func.coalesce(func.sum(Grade.score), 0.0))
    .where(Grade.notebook_id.in_(select(_LATE_OR_FINED.subquery().c.id)))
    .group_by(Grade.notebook_id)
)


def _penalty(policy: LateSubmissionPlugin, row: Row, score: float) -> float:
    if row.timestamp is None or row.duedate is None:
        return 0.0
    late = row.timestamp - row.duedate - (row.extension or timedelta())
    if late <= timedelta():
        return 0.0
    penalty = policy.late_submission_penalty(row.student_id, score, late.total_seconds())
    return min(max(0.0, penalty or 0.0), max(0.0, score))
