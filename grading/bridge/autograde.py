"""`nbgrader autograde` with our judge in place of nbgrader's own execution."""

import gc
import os
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

from grading.sandbox.bubblewrap import SandboxUnavailable, command
from grading.sandbox.server import Server

from .submitted import timestamp

if TYPE_CHECKING:
    from .batch import Batch


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
    course = converter.coursedir
    with _begun(course) as server, Gradebook(course.db_url, course.course_id) as book:
        try:
            failed = _batch()(converter, book, server).grade()
        except (ValueError, SandboxUnavailable) as error:
            failed = {"nothing was graded": str(error)}
    for student, sentence in failed.items():
        converter.log.error("%s: %s", student, sentence)
    if failed:
        raise NbGraderException("; ".join(f"{student}: {sentence}" for student, sentence in failed.items()))


@cache
def _batch() -> type["Batch"]:
    """Import the judge and with it torch, which other commands spare; meanwhile the sandbox loads its own.

    Python is kept from looking for garbage in all of torch, now, in every worker that is forked and at the end.
    """
    gc.disable()
    try:
        from .batch import Batch
    finally:
        gc.freeze()
        gc.enable()
    return Batch


@contextmanager
def _begun(course: CourseDirectory) -> Iterator[Server | None]:
    """Start the sandbox's server for the course's assignment; None where that fails, and then the judge says why."""
    root = Path(course.root)
    if os.environ.get("GRADING_SCHEDULER"):  # others judge
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
