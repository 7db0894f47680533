"""A gradebook in SQLite that another program is writing to: wait, say so, and go on.

SQLite lets one program write at a time and makes the others fail after a while. nbgrader opens the file in many
places, so the connection itself waits.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

SECONDS_IN_SILENCE = 2.0
MAX_SECONDS = 600.0


def wait_when_busy() -> None:
    """Let every connection to SQLite that SQLAlchemy makes in this process wait its turn."""
    if not event.contains(Engine, "do_connect", _patient):
        event.listen(Engine, "do_connect", _patient)


def _patient(dialect: Any, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
    if dialect.name == "sqlite":
        options.update(factory=PatientConnection, timeout=SECONDS_IN_SILENCE)


class PatientCursor(sqlite3.Cursor):
    def execute(self, *arguments):
        return _wait(super().execute, *arguments)

    def executemany(self, *arguments):
        return _wait(super().executemany, *arguments)


class PatientConnection(sqlite3.Connection):
    def cursor(self, factory=PatientCursor):
        return super().cursor(factory)

    def commit(self) -> None:
        _wait(super().commit)


def _wait(action: Callable, *arguments: Any) -> Any:
    """Do it, again and again as long as the file is locked. Raises sqlite3.OperationalError after MAX_SECONDS."""
    start, said = time.monotonic(), False
    while True:
        try:
            return action(*arguments)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() - start > MAX_SECONDS:
                raise
            if not said:
                print("The gradebook is in use by another program; waiting for it.", file=sys.stderr)
                said = True
