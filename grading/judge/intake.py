"""Read an untrusted submission: nothing in it is executed, followed or believed.

Only plain files at the places that the assignment names are opened, or those that are meant without doubt, and only so
many bytes of each. Of the notebook nothing counts but the text of the answers: cells, points, ids and metadata are the
course's own. Whatever else is there, or is not there, becomes one sentence in the notes; nothing a student did raises.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from grading.assignment import Assignment

from .files import Refused, open_folder
from .reader import MODULE_BYTES, NOTEBOOK_BYTES, Reader
from .written_answers import other_text, released_notebook, written_answers

__all__ = ["MODULE_BYTES", "NOTEBOOK_BYTES", "Submission", "read_submission"]


@dataclass(frozen=True)
class Submission:
    """What one student handed in, as far as it counts."""

    student: str
    files: dict[str, bytes]  # module name to source; a module that was not handed in is absent
    answers: dict[str, str]  # grade_id of a written answer to its text
    notes: tuple[str, ...]  # a sentence for everything missing, ignored or repaired
    digest: str  # hash of files and answers
    answers_unread: bool = False  # there was no notebook that could be read, so a human must look
    other_text: str = ""  # what was written in the notebook besides the answers


def read_submission(folder: Path, assignment: Assignment, student: str) -> Submission:
    """Read what counts of a folder. Raises nothing for what a student did: see the notes.

    Raises Unreadable where a file or folder cannot be read on this machine.
    """
    released, notes = released_notebook(assignment), []
    files: dict[str, bytes] = {}
    notebook = None
    try:
        top = open_folder(folder, "the submission's folder")
    except Refused as refusal:
        notes.append(str(refusal))
    else:
        try:
            reader = Reader(top, assignment, released)
            files, notebook = reader.modules(), reader.notebook()
            notes += [*dict.fromkeys(reader.notes), *reader.notes_on_extras()]
        finally:
            os.close(top)
    answers = {} if notebook is None else written_answers(notebook, released, notes)
    other = "" if notebook is None else other_text(notebook, released)
    together = {"files": {name: _hash(text) for name, text in files.items()}, "answers": answers}
    digest = _hash(json.dumps(together, sort_keys=True).encode())
    unread = notebook is None and bool(released.asked)
    return Submission(student, files, answers, tuple(notes), digest, unread, other)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
