"""The gradebook, opened for a command: of this version of nbgrader, with late penalties that follow from it."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Base, Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError
from traitlets.config import Configurable

from grading.errors import CourseError

from .late import late_penalties
from .penalties import update_penalties


@contextmanager
def open_gradebook(course: CourseDirectory, parent: Configurable | None = None) -> Iterator[Gradebook]:
    """Open the gradebook and bring its late penalties up to date.

    Raises CourseError where it cannot be read, and for settings of lateness that make no sense.
    """
    with Gradebook(course.db_url, course.course_id) as book:
        update_penalties(book, late_penalties(parent or course.parent).plugin_inst)
        yield book


def check_version(url: str) -> None:
    """Raise CourseError if the gradebook was made by an older nbgrader, before anything is written to it."""
    engine = create_engine(url)
    try:
        found = inspect(engine)
        for table in set(found.get_table_names()) & set(Base.metadata.tables):
            there = {column["name"] for column in found.get_columns(table)}
            if not {column.name for column in Base.metadata.tables[table].columns} <= there:
                where = engine.url.render_as_string()  # without the password
                command = "nbgrader db upgrade"
                raise CourseError(
                    f"the gradebook {where} was made by an older nbgrader; keep a copy of it and run: {command}"
                )
    finally:
        engine.dispose()


def trouble(error: BaseException) -> str | None:
    """Return one sentence for what is wrong with the disk or the gradebook, and not with a program; else None."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL or (
        isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
    ):
        return "the disk is full; make room and run this again"
    if code == sqlite3.SQLITE_BUSY:
        return "another program keeps the gradebook locked; close it and run this again"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return (
            f"the gradebook cannot be written ({cause}); look at its folder's permissions and run this again"
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return "the gradebook is damaged; put a copy in its place"
    return None


def as_sentence(error: Exception) -> str:
    """Return what to say of a student who has no grade because of an error."""
    if isinstance(error, CourseError):
        return f"not graded: {error}"
    return f"not graded, {trouble(error) or f'{type(error).__name__}: {error}'}"
