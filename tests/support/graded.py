"""Submissions to the small course, and their verdicts."""

from grading.assignment import Assignment
from grading.judge.intake import Submission
from grading.judge.judge import grade
from grading.judge.settings import Judge
from grading.verdict import Verdict


def handed_in(name: str, source: str | None) -> Submission:
    """Return what a student of this name hands in as sums.py, if anything."""
    files = {} if source is None else {"sums": source.encode("utf8", "surrogatepass")}
    return Submission(name, files, {}, (f"a note on {name}",), name)


def graded(assignment: Assignment, *submissions: Submission, seed: str | None = "a seed") -> list[Verdict]:
    """Return the verdicts of one batch."""
    return [verdict for _, verdict in grade(assignment, submissions, Judge(seed=seed))]
