"""`nbgrader autograde` with our judge in place of nbgrader's own execution."""

from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, NbGraderException

from .submitted import timestamp


def install() -> None:
    """Make every way to autograde, the command, the API and the formgrader, ask the judge.

    nbgrader's own Autograde copies a stranger's files following links, runs them where the gradebook lies,
    reads the score from what they print, and skips a submission without a notebook, so that its old grade
    stays. No option changes that, so the one method that does it is replaced.

    Its API reads timestamps from submissions, and one that is malformed would keep the formgrader from listing
    anybody's work. So that method is replaced too.
    """
    Autograde.start = start
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp


def start(converter: Autograde) -> None:
    """Grade the submissions that the course directory's globs choose.

    Raises NbGraderException, after all others are done, if any submission has no grade now.
    """
    from .batch import Batch, SandboxUnavailable  # here, since torch comes along, which other commands spare

    with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as book:
        try:
            failed = Batch(converter, book).grade()
        except (ValueError, SandboxUnavailable) as error:
            failed = {"nothing was graded": str(error)}
    for student, sentence in failed.items():
        converter.log.error("%s: %s", student, sentence)
    if failed:
        raise NbGraderException("; ".join(f"{student}: {sentence}" for student, sentence in failed.items()))


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Return when a student handed in, or None if that is not said or not legible."""
    course = api.coursedir
    try:
        return timestamp(Path(course.format_path(course.submitted_directory, student_id, assignment_id)))
    except ValueError:
        return None
