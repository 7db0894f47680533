"""The record: every verdict ever given, a JSON line each in verdicts/<assignment>.jsonl, which is only appended to.

A line holds the verdict, its id and its hash and, outside of what is hashed, whose it is, when the work was handed in,
when it was graded, and how many seconds each probe took. The gradebook follows from the last line of each student: see
reports/reconcile.py.
"""

import fcntl
import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from grading.errors import RecordAltered
from grading.verdict import Verdict, canonical


@dataclass(frozen=True)
class Entry:
    """One line of the record; times are in UTC."""

    student: str
    handed_in: datetime | None  # naive, as nbgrader keeps it
    graded: datetime
    verdict: Verdict


def append(root: Path | str, student: str, verdict: Verdict, handed_in: datetime | None = None) -> None:
    """Add one verdict to the record of the course in root; it is on the disk when this returns."""
    line = {
        "student": student,
        "handed_in": handed_in and handed_in.isoformat(),
        "graded": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": verdict.id,
        "sha256": _sha256(verdict.to_json()),
        "verdict": verdict.fields,
        "seconds": {probe: round(took, 4) for probe, took in verdict.seconds.items()},
    }
    path = record_path(root, verdict.assignment)
    path.parent.mkdir(exist_ok=True)
    with open(path, "ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        torn = b"\n" if _is_torn(file) else b""  # what a crash left stays, on a line of its own
        file.write(torn + json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(root: Path | str, assignment: str) -> tuple[list[Entry], list[str]]:
    """Return the record, oldest first, and a sentence for each line that a crash tore, which does not count.

    Raises RecordAltered if a line is whole but not as it was written.
    """
    path = record_path(root, assignment)
    lines = path.read_bytes().split(b"\n") if path.is_file() else []
    entries, torn = [], []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            fields = json.loads(line)
        except ValueError:
            torn.append(f"line {number} of {path} is torn, as after a crash; it does not count")
            continue
        entries.append(_entry(fields, f"line {number} of {path}"))
    return entries, torn


def latest(entries: list[Entry]) -> dict[str, Entry]:
    """Return each student's last entry."""
    return {entry.student: entry for entry in entries}


def record_path(root: Path | str, assignment: str) -> Path:
    """Return where the record of an assignment lies."""
    return Path(root) / "verdicts" / f"{assignment}.jsonl"


def _entry(fields: dict[str, Any], where: str) -> Entry:
    try:
        # What was hashed is the text of then, which an older version may have written.
        if _sha256(canonical(fields["verdict"])) != fields["sha256"]:
            raise RecordAltered(f"{where} was altered after it was written; restore the file from a copy")
        verdict = Verdict.from_fields(fields["verdict"])
        handed_in = fields["handed_in"] and datetime.fromisoformat(fields["handed_in"])
        graded = datetime.fromisoformat(fields["graded"])
        # A record that is older than this field has none.
        return Entry(
            fields["student"], handed_in, graded, replace(verdict, seconds=fields.get("seconds", {}))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RecordAltered(f"{where} is no verdict ({error!r}); restore the file from a copy") from error


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_torn(file: BinaryIO) -> bool:
    """Return True if the file's last line has no end."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"
