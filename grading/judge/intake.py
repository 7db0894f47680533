"""Read an untrusted submission: nothing in it is executed, followed or believed.

Only plain files at the places that the assignment names are opened, and only so many bytes of each. Of the
notebook nothing counts but the text of the answer cells: cells, points, ids and metadata are the course's own.
Whatever else is there, or is not there, becomes one sentence in the notes; nothing a student did raises.
"""

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.assignment import Assignment

from .written_answers import cells, written_answers

MODULE_BYTES, NOTEBOOK_BYTES = 10**6, 10**7
MAX_LISTED = 5  # files that are not part of the assignment: the first few are named, the rest counted
RELEASED = {"lib", "check", "probes", "expected.safetensors", "README.md", "timestamp.txt", "__pycache__"}
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


@dataclass(frozen=True)
class Submission:
    """What one student handed in, as far as it counts."""

    student: str
    files: dict[str, bytes]  # module name to source; a module that was not handed in is absent
    answers: dict[str, str]  # grade_id of a written answer to its text
    notes: tuple[str, ...]  # a sentence for everything missing, ignored or repaired
    digest: str  # hash of files and answers


class _Refused(Exception):
    """The one sentence that says why something was not read."""


def read_submission(folder: Path, assignment: Assignment, student: str) -> Submission:
    """Read what counts of a folder. Raises nothing for what a student did: see the notes."""
    notes: list[str] = []
    files: dict[str, bytes] = {}
    notebook = None
    try:
        top = _open_folder(folder, "the submission's folder")
    except _Refused as refusal:
        notes.append(str(refusal))
    else:
        try:
            files = _modules(top, assignment, notes)
            notebook = _notebook(top, f"{assignment.name}.ipynb", notes)
            notes += _notes_on_extras("", _names(top), RELEASED | {f"{assignment.name}.ipynb"})
        finally:
            os.close(top)
    answers = written_answers(notebook, assignment, notes) if notebook is not None else {}
    together = {"files": {name: _hash(text) for name, text in files.items()}, "answers": answers}
    digest = _hash(json.dumps(together, sort_keys=True).encode())
    return Submission(student, files, answers, tuple(notes), digest)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _modules(top: int, assignment: Assignment, notes: list[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        lib = _open_folder("lib", "lib/", within=top)
    except _Refused as refusal:
        notes.append(str(refusal))
        return files
    try:
        for name in assignment.student_modules:
            try:
                files[name] = _read(lib, f"{name}.py", f"lib/{name}.py", MODULE_BYTES)
            except _Refused as refusal:
                notes.append(str(refusal))
        known = {f"{name}.py" for name in (*assignment.modules, "__init__")} | {"__pycache__"}
        notes += _notes_on_extras("lib/", _names(lib), known)
    finally:
        os.close(lib)
    return files


def _open_folder(path: Path | str, shown: str, within: int | None = None) -> int:
    try:
        return os.open(path, FOLDER, dir_fd=within)
    except FileNotFoundError:
        raise _Refused(f"{shown} is missing") from None
    except OSError as error:
        raise _Refused(f"{shown} was not read: {_oddity(path, within) or error.strerror}") from None


def _read(folder: int, name: str, shown: str, limit: int) -> bytes:
    try:
        odd = _oddity(name, folder)
        if odd:
            raise _Refused(f"{shown} was not read: {odd}")
        with open(os.open(name, FILE, dir_fd=folder), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _Refused(f"{shown} was not read: it is not a plain file")
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise _Refused(f"{shown} is missing") from None
    except OSError as error:
        raise _Refused(f"{shown} was not read: {error.strerror}") from None
    if len(content) > limit:
        raise _Refused(f"{shown} was not read: it has more than {limit // 10**6} MB")
    return content


def _oddity(path: Path | str, within: int | None) -> str:
    """Return what is there instead of a plain file; "" for a plain file, or for none that can be seen.

    A file with a second name may be the reference itself, which only the judge has the right to read.
    """
    try:
        about = os.stat(path, dir_fd=within, follow_symlinks=False)
    except OSError:
        return ""
    if stat.S_ISLNK(about.st_mode):
        return "it is a link"
    if not stat.S_ISREG(about.st_mode):
        return "it is not a plain file"
    return "it is a hard link" if about.st_nlink > 1 else ""


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _notes_on_extras(where: str, names: list[str], known: set[str]) -> list[str]:
    """Return a sentence for each of the first few files that nobody asked for."""
    extra = [name for name in names if name not in known and not name.startswith(".")]
    notes = [
        f"{where}{_printable(name)} is not part of the assignment and was not used"
        for name in extra[:MAX_LISTED]
    ]
    more = len(extra) - MAX_LISTED
    return [*notes, f"{more} more in {where or 'the folder'} were not used either"] if more > 0 else notes


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name[:100])


def _notebook(top: int, name: str, notes: list[str]) -> list[dict[str, Any]] | None:
    """Return the notebook's cells, or None."""
    try:
        return cells(_read(top, name, name, NOTEBOOK_BYTES))
    except _Refused as refusal:
        notes.append(str(refusal))
    except (ValueError, RecursionError):
        notes.append(f"{name} is not a notebook, so no written answers were read")
    return None
