"""Which submissions there are, and when they were handed in."""

import glob
import os
import re
import secrets
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError

from .times import parse_time

MAX_BYTES = 1000  # of a file that nbgrader adds to a submission


def submitted(course: CourseDirectory) -> dict[str, Path]:
    """Return the folder of every student that the course directory's globs choose.

    Raises CourseError if there is none.
    """
    name, where = course.assignment_id, course.submitted_directory
    pattern = course.format_path(where, "(?P<student>.*)", re.escape(name), escape=True)
    found: dict[str, Path] = {}
    for path in sorted(glob.glob(course.format_path(where, course.student_id, glob.escape(name)))):
        matched = re.fullmatch(pattern, path)
        if matched and matched["student"] not in course.student_id_exclude.split(","):
            found[matched["student"]] = Path(path)
    if not found:
        looked = course.format_path(where, course.student_id, name)
        raise CourseError(f"there is no submission of {name!r} at {looked}")
    return found


def timestamp(folder: Path) -> datetime | None:
    """Return the time in UTC that the folder's timestamp.txt gives, or None without one.

    Raises ValueError if it holds no time.
    """
    text = plain_text(folder, "timestamp.txt")
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise ValueError(f"timestamp.txt holds {error}; so it counts as in time") from error


def for_the_exchange(folder: Path) -> dict[str, str]:
    """Return the files by which nbgrader's exchange gives a student the feedback: when it was handed in, and a secret.

    Work that came another way gets a secret that nobody knows, so that it is in nobody's way.
    """
    found = {"timestamp.txt": "", "submission_secret.txt": secrets.token_hex()}
    for name in found:
        with suppress(ValueError):
            found[name] = plain_text(folder, name) or found[name]
    return found


def plain_text(folder: Path, name: str) -> str | None:
    """Return what stands in a small file of a submission, or None without one.

    Like all of a submission it is read without following links. Raises ValueError if it is not a plain file.
    """
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{name} is not a plain file") from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError(f"{name} is not a plain file")
        return file.read(MAX_BYTES).decode("utf8", "replace").strip()


def submitted_timestamp(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
    """Return when a student handed in, or None if that is not said or not legible."""
    course = api.coursedir
    return existing_timestamp(course, course.format_path(course.submitted_directory, student, assignment))


def existing_timestamp(course: CourseDirectory, folder: str) -> datetime | None:
    """Return the time in a folder's timestamp.txt, or None if that is not there or not legible."""
    try:
        return timestamp(Path(folder))
    except ValueError:
        return None
