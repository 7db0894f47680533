"""Which submissions are alike, as a list for a human to look at. It proves nothing.

copydetect makes each submission's code into overlapping pieces of the same length in which every name is "V", so
that renaming hides nothing. Pieces of the released stub are left out. A piece that few share says more than one that
many share, since the task leaves little choice in places: a piece weighs log((N + 1) / n) when n of N students have
it. Two submissions are as alike as

    the weight of what both have / sqrt(the weight of the one's pieces · the weight of the other's).
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import highlight_overlap
from markupsafe import Markup

from grading.assignment import Assignment
from grading.errors import Unreadable
from grading.judge.intake import read_submission

from .page import write_page

PIECE = 25  # characters, of code in which a name is one character: copydetect's own choice
MIN_PIECES = 40  # of one's own; with fewer nothing can be said
COLUMNS = 4096  # pieces compared at once, to bound the memory


@dataclass(frozen=True)
class Pair:
    """Two students and how alike their code is, from 0 to 1."""

    one: str
    other: str
    alike: float


def codes(folders: dict[str, Path], assignment: Assignment) -> tuple[dict[str, str], str]:
    """Return what each student wrote, as one text, and the stub as it was released."""
    texts = {student: _code(folder, assignment, student) for student, folder in folders.items()}
    released = assignment.root / "exercises" / assignment.name / "lib"
    return texts, _text((released / f"{name}.py").read_bytes() for name in assignment.student_modules)


def _code(folder: Path, assignment: Assignment, student: str) -> str:
    """Return what a student wrote, nothing where that cannot be read here."""
    try:
        return _text(read_submission(folder, assignment, student).files.values())
    except Unreadable:
        return ""


def _text(files: Iterable[bytes]) -> str:
    return "\n".join(content.decode("utf8", "replace") for content in files)


def fingerprint(code: str, template: frozenset[int] = frozenset()) -> CodeFingerprint:
    """Return every piece of some Python code but those of the template."""
    # A window of 1 takes all pieces: a larger one would choose by Python's hash of a text, which changes each run.
    found = CodeFingerprint("code.py", PIECE, 1, fp=io.StringIO(code))
    found.hashes = found.hashes - template
    found.hash_idx = {piece: where for piece, where in found.hash_idx.items() if piece not in template}
    return found


def alike(codes: dict[str, str], template: str) -> tuple[list[Pair], list[str]]:
    """Return all pairs that share anything, the most alike first, and who wrote too little to be compared."""
    of_template = frozenset(fingerprint(template).hashes)
    pieces = {student: fingerprint(code, of_template).hashes for student, code in codes.items()}
    brief = sorted(student for student, own in pieces.items() if len(own) < MIN_PIECES)
    students = sorted(set(pieces) - set(brief))
    if len(students) < 2:
        return [], brief
    shares = _shares([pieces[student] for student in students])
    found = [
        Pair(students[i], students[j], float(shares[i, j]))
        for i, j in np.argwhere(np.triu(shares, 1) > 0)
    ]  # fmt: skip
    return sorted(found, key=lambda pair: (-pair.alike, pair.one, pair.other)), brief


def _shares(pieces: list[set[int]]) -> np.ndarray:
    """Return how alike each two of N sets are, as an N by N matrix."""
    n = len(pieces)
    rows = np.repeat(np.arange(n), [len(own) for own in pieces])
    everything = np.concatenate([np.fromiter(own, np.int64, len(own)) for own in pieces])
    _, columns, owners = np.unique(everything, return_inverse=True, return_counts=True)
    weights = np.log((n + 1) / owners)
    both = np.zeros((n, n))
    for begin in range(0, len(owners), COLUMNS):
        here = (columns >= begin) & (columns < begin + COLUMNS)
        has = np.zeros((n, COLUMNS), np.float32)
        has[rows[here], columns[here] - begin] = np.sqrt(weights[columns[here]])
        both += has @ has.T
    own = np.sqrt(np.diag(both))
    return both / np.outer(own, own)


def write(path: Path, title: str, pairs: list[Pair], codes: dict[str, str], template: str) -> None:
    """Write these pairs as a page: the list, and for each pair both codes with what they share marked."""
    of_template = frozenset(fingerprint(template).hashes)
    write_page(
        path,
        "similarity.html",
        title=title,
        rows=[[pair.one, pair.other, f"{pair.alike:.0%}"] for pair in pairs],
        pairs=[
            (pair.one, pair.other, f"{pair.alike:.0%}", _side_by_side(pair, codes, of_template))
            for pair in pairs
        ],
    )


def _side_by_side(pair: Pair, codes: dict[str, str], template: frozenset[int]) -> list[tuple[str, Markup]]:
    """Return each student and the code, with what both share marked."""
    students = (pair.one, pair.other)
    prints = [fingerprint(codes[student], template) for student in students]
    _, _, slices = compare_files(*prints)
    return [
        (student, _highlight(own.raw_code, shared))
        for student, own, shared in zip(students, prints, slices, strict=True)
    ]


def _highlight(code: str, slices: np.ndarray) -> Markup:
    return Markup(highlight_overlap(code, slices, "<mark>", "</mark>", escape_html=True)[0])
