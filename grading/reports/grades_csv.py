"""nbgrader's own export, grades.csv, with every text whole and no score where the grader failed."""

import csv

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import CsvExportPlugin

from .export import escape_formula, standing

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


class GradesCsv(CsvExportPlugin):
    """The columns and options of nbgrader's plugin, which quotes nothing and counts a missing grade as 0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a line for each student and assignment."""
        self.log.info("Exporting grades to %s", self.to or "grades.csv")
        with open(self.to or "grades.csv", "w", encoding="utf8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if _is_chosen(assignment.name, self.assignment) and _is_chosen(student.id, self.student):
                        writer.writerow(_row(gradebook, assignment, student))


def _is_chosen(name: str, chosen: list) -> bool:
    return not chosen or name in map(str, chosen)


def _row(book: Gradebook, assignment: Assignment, student: Student) -> list[str]:
    who = [student.id, student.last_name, student.first_name, student.email]
    scores: list[float | None] = [0.0, 0.0, 0.0]  # as nbgrader counts what was not handed in
    handed_in = None
    try:
        submission = book.find_submission(assignment.name, student.id)
    except MissingEntry:
        pass
    else:
        handed_in = submission.timestamp
        penalty = submission.late_submission_penalty or 0.0
        scores = [submission.score, penalty, max(0.0, submission.score - penalty)]
        if not all(standing(row)[1] for row in submission.notebooks):
            scores = [None] * 3
    texts = [assignment.name, assignment.duedate, handed_in, *who]
    cells = ["" if text is None else escape_formula(str(text)) for text in texts]
    return [*cells, *("" if score is None else str(score) for score in (*scores, assignment.max_score))]
