"""Which submissions there are, and when they were handed in."""

import glob
import os
import re
import stat
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from grading.errors import CourseError


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

    Raises ValueError if it holds no time. Like all of a submission it is read without following links.
    """
    try:
        handle = os.open(folder / "timestamp.txt", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError("timestamp.txt is not a plain file") from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("timestamp.txt is not a plain file")
        text = file.read(100).decode("utf8", "replace").strip()
    try:
        return parse_utc(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"timestamp.txt holds no time but {text[:40]!r}") from error
