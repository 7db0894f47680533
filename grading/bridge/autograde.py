"""`nbgrader autograde` with our judge in place of nbgrader's own execution."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError, SandboxUnavailable
from grading.judge.settings import Judge
from grading.sandbox.bubblewrap import command
from grading.sandbox.server import Server

from .late import late_penalties
from .opened import open_gradebook
from .penalties import update_penalties

if TYPE_CHECKING:
    from .batch import Batch


def autograde(converter: Autograde) -> None:
    """Grade the submissions that the course directory's globs choose.

    Raises NbGraderException, after all others are done, if any submission has no grade now, and CourseError if
    nothing was graded.
    """
    try:
        failed = _grade(converter, Judge(parent=converter))
    except CourseError as error:
        raise CourseError(f"nothing was graded: {error}") from error
    for student, sentence in failed.items():
        converter.log.error("%s: %s", student, sentence)
    if failed:
        raise NbGraderException("; ".join(f"{student}: {sentence}" for student, sentence in failed.items()))


def _grade(converter: Autograde, settings: Judge) -> dict[str, str]:
    """Return, for each student who has no grade now, why."""
    course = converter.coursedir
    with _server(course, settings) as server, open_gradebook(course, converter) as book:
        failed = _import_batch()(converter, book, settings, server).grade()
        update_penalties(book, late_penalties(converter).plugin_inst)
        return failed


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
