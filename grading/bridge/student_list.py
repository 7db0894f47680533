"""`nbgrader db student import` for files as spreadsheets write them, and a word on students who may be one."""

from nbgrader.api import Gradebook
from nbgrader.apps.dbapp import DbGenericImportApp, DbStudentImportApp

from .roster import warn_of_look_alikes

plain_keys, plain_start = DbGenericImportApp._preprocess_keys, DbGenericImportApp.start


def install_student_list() -> None:
    """Replace two of nbgrader's methods; a second time changes nothing."""
    DbGenericImportApp._preprocess_keys = keys_without_mark
    DbStudentImportApp.start = start_and_warn


def keys_without_mark(app: DbGenericImportApp, keys: list[str]) -> list[str]:
    """Return the names of columns without the mark that a spreadsheet sets at the beginning of a file in UTF-8."""
    return plain_keys(app, [key.removeprefix("\ufeff").strip(' "') for key in keys])


def start_and_warn(app: DbStudentImportApp) -> None:
    """Import, then name all ids that differ in capital letters alone."""
    plain_start(app)
    with Gradebook(app.coursedir.db_url, app.course_id) as book:
        warn_of_look_alikes([], book, app.log)
