"""`nbgrader autograde` with our judge in place of nbgrader's own execution."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError, SandboxUnavailable
from grading.judge.settings import Judge
from grading.sandbox.bubblewrap import command
from grading.sandbox.server import Server

from .submitted import timestamp

if TYPE_CHECKING:
    from .batch import Batch


def install() -> None:
    """Make every way to autograde, the command, the API and the formgrader, ask the judge.

    nbgrader's own Autograde copies untrusted files following links, runs them where the gradebook lies,
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
    try:
        failed = _grade(converter, Judge(parent=converter))
    except CourseError as error:
        failed = {"nothing was graded": str(error)}
    for student, sentence in failed.items():
        converter.log.error("%s: %s", student, sentence)
    if failed:
        raise NbGraderException("; ".join(f"{student}: {sentence}" for student, sentence in failed.items()))


def _grade(converter: Autograde, settings: Judge) -> dict[str, str]:
    """Return, for each student who has no grade now, why."""
    course = converter.coursedir
    with _server(course, settings) as server, Gradebook(course.db_url, course.course_id) as book:
        return _import_batch()(converter, book, settings, server).grade()


@cache
def _import_batch() -> type["Batch"]:
    """Import the judge and with it torch, which other commands spare; meanwhile the sandbox loads its own.

    The garbage collector is kept off all of torch: now, in every worker that is forked and at the end.
    """
    gc.disable()
    try:
        from .batch import Batch
    finally:
        gc.freeze()
        gc.enable()
    return Batch


@contextmanager
def _server(course: CourseDirectory, settings: Judge) -> Iterator[Server | None]:
    """Start the sandbox's server for the course's assignment; None where that fails, and then the judge says why."""
    root = Path(course.root)
    if settings.scheduler:  # others judge
        yield None
        return
    try:
        server = Server(command(root, root / "solutions" / course.assignment_id))
    except (SandboxUnavailable, OSError):
        yield None
        return
    try:
        yield server
    finally:
        server.stop()


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Return when a student handed in, or None if that is not said or not legible."""
    course = api.coursedir
    try:
        return timestamp(Path(course.format_path(course.submitted_directory, student_id, assignment_id)))
    except ValueError:
        return None
