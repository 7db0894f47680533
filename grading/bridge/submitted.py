"""Which submissions there are, and when they were handed in."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError, Unreadable
from grading.judge.files import Missing, Refused, open_folder, read_file

from .times import parse_time

MAX_BYTES = 1000  # of a file that nbgrader adds to a submission

# What nbgrader's own steps take for a pattern, overlook, or cannot write.
UNUSABLE = {
    r"[*?\[\]]": "nbgrader takes * ? [ ] for a pattern",
    r"^\.": "nbgrader overlooks what begins with a dot",
    r"^[-=+@]": "spreadsheets take it for a formula, and commands for an option",
    r"[\0-\x1f\x7f\ud800-\udfff]": "it holds characters that are no text",
}


def submitted(course: CourseDirectory) -> dict[str, Path]:
    """Return the folder of every student that the course directory's pattern chooses.

    Raises CourseError if there is none, or if anybody's name cannot be used.
    """
    everybody = all_submitted(course)
    excluded = f",{course.student_id_exclude},"  # an id may hold a comma
    found = {
        student: folder
        for student, folder in everybody.items()
        if (student == course.student_id or fnmatchcase(student, course.student_id))
        and f",{student}," not in excluded
    }
    if not found:
        looked = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
        raise CourseError(f"there is no submission of {course.assignment_id!r} at {looked}")
    return found


def all_submitted(course: CourseDirectory) -> dict[str, Path]:
    """Return everybody's folder. Raises CourseError if a name cannot be used, or leads nowhere."""
    found = dict(_folders(course))
    refused = [f"{_shown(folder)}: {why}" for student, folder in found.items() if (why := unusable(student))]
    refused += [f"{folder} is a link that leads nowhere" for folder in found.values() if _is_broken(folder)]
    if refused:
        raise CourseError(f"nothing was done; rename or mend these folders first: {'; '.join(refused)}")
    return found


def unusable(student: str) -> str:
    """Return why nbgrader cannot handle a student of this id; "" if it can."""
    return next((why for pattern, why in UNUSABLE.items() if re.search(pattern, student)), "")


def _folders(course: CourseDirectory) -> Iterator[tuple[str, Path]]:
    """Yield each student with the folder, which may be one that cannot be opened."""
    parts = course.format_path(course.submitted_directory, "\0", course.assignment_id).split("\0")
    base, prefix = os.path.split(parts[0])
    try:
        names = sorted(os.listdir(base))
    except FileNotFoundError:
        return
    except OSError as error:
        raise CourseError(f"{base} cannot be read: {error.strerror}") from error
    for name in names:
        path = Path(f"{base}/{name}{''.join(parts[1:])}")
        if name.startswith(prefix) and _is_there(path):
            yield name.removeprefix(prefix), path


def _is_there(path: Path) -> bool:
    """Return True for a submission, and for one of which that cannot be seen."""
    try:
        path.lstat()
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR) or _is_broken(path)
    return True


def _is_broken(path: Path) -> bool:
    """Return True if the student's folder, in which the submission should lie, is a link that leads nowhere."""
    return path.parent.is_symlink() and not path.parent.exists()


def _shown(path: Path) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(path))


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


def keep_for_exchange(folder: Path, autograded: Path) -> None:
    """Keep the files by which nbgrader's exchange gives a student the feedback: when it was handed in, and a secret.

    Work that came another way gets a secret that nobody knows, so that it is in nobody's way.
    """
    for name, text in {"timestamp.txt": "", "submission_secret.txt": secrets.token_hex()}.items():
        if not (autograded / name).is_file():
            with suppress(ValueError, Unreadable):
                text = plain_text(folder, name) or text
            (autograded / name).write_text(text, "utf8")


def plain_text(folder: Path, name: str) -> str | None:
    """Return what stands in a small file of a submission, or None without one.

    Raises ValueError if it is not a plain file or a long one, and Unreadable if it cannot be read here.
    """
    try:
        return _read(folder, name).decode("utf8", "replace").strip()
    except Missing:
        return None
    except Refused as refusal:
        raise ValueError(str(refusal)) from refusal


def _read(folder: Path, name: str) -> bytes:
    # Hard links are welcome, since a snapshot of everybody's work is made of them.
    descriptor = open_folder(folder, name)
    try:
        return read_file(descriptor, name, name, MAX_BYTES, refuse_link=lambda *_: False)
    finally:
        os.close(descriptor)


def submitted_timestamp(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
    """Return when a student handed in, or None if that is not said or not legible."""
    course = api.coursedir
    return existing_timestamp(course, course.format_path(course.submitted_directory, student, assignment))


def existing_timestamp(course: CourseDirectory, folder: str) -> datetime | None:
    """Return the time in a folder's timestamp.txt, or None if that is not there or not legible."""
    try:
        return timestamp(Path(folder))
    except (ValueError, Unreadable):
        return None
