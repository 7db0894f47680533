"""One file handed in by two students: a hard link to a classmate's work, or a tool that saved space.

Nobody can tell whose work it is, so neither has a grade until a human has looked.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grading.assignment import Assignment
from grading.errors import Unreadable
from grading.judge.files import Refused, open_folder, plain_files
from grading.judge.misplaced import is_named

MEND = "ask whose work it is, then make two files of it: cp --remove-destination <a copy> <file>"


def shared_files(folders: dict[str, Path], assignment: Assignment) -> dict[str, str]:
    """Return a sentence for each student whose work is, in the file system, the same file as another's.

    What was released is nobody's work, and a student's own second name for a file is no matter.
    """
    owners: dict[tuple[int, int], dict[str, str]] = {}
    for student, folder in folders.items():
        for path, inode in _linked(folder, assignment):
            owners.setdefault(inode, {}).setdefault(student, path)
    return {
        student: f"{path} is the very same file as that of {_others(files, student)}; {MEND}"
        for files in owners.values()
        if len(files) > 1
        for student, path in files.items()
    }


def refuse_shared(student: str, shared: dict[str, str]) -> None:
    """Raise Unreadable if shared_files has found a student's work to be another's as well."""
    if student in shared:
        raise Unreadable(shared[student])


def _others(files: dict[str, str], student: str) -> str:
    return ", ".join(sorted(set(files) - {student})[:3])


def _linked(folder: Path, assignment: Assignment) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the path below the folder and the inode of each file with several names that may be read as an answer."""
    with suppress(Refused, Unreadable, OSError):  # of which the reader says more
        top = open_folder(folder, "")
        try:
            paths = plain_files(top)
        finally:
            os.close(top)
        for path in paths:
            state = (folder / path).lstat()
            if (
                state.st_nlink > 1
                and _may_count(path, assignment)
                and not _is_released(folder / path, assignment)
            ):
                yield path, (state.st_dev, state.st_ino)


def _may_count(path: str, assignment: Assignment) -> bool:
    return path.endswith(".ipynb") or any(is_named(path, f"{m}.py") for m in assignment.student_modules)


def _is_released(path: Path, assignment: Assignment) -> bool:
    """Return True if just this was given to everybody."""
    released = assignment.root / "exercises" / assignment.name
    homes = (released / path.name, released / "lib" / path.name)
    return any(home.is_file() and home.read_bytes() == path.read_bytes() for home in homes)
