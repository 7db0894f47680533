"""One participant's uploads as a submission: the last of each counts, and what is asked for lies where it belongs."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from grading.assignment import Assignment
from grading.judge.misplaced import Found, candidates, choose, is_named, notebooks
from grading.judge.reader import RELEASED, squeezed

from .entries import Entry, Refused, in_zip
from .participants import Participant
from .tar import ENDINGS, in_tar

MAX_DEPTH = 3  # of archives in archives
UNPACK: dict[str, Callable[[bytes], list[Entry]]] = {".zip": in_zip, **dict.fromkeys(ENDINGS, in_tar)}
NOT_UNPACKED = (".7z", ".rar", ".xz", ".zst", ".gz", ".bz2")
MAX_TOTAL, MAX_FILES = 2 * 10**8, 2000  # bytes and files of one participant, unpacked
ATTEMPT = re.compile(r"(?:[-_ ](\d{1,3})|\s*\((\d{1,3})\))(?=(?:\.tar)?\.\w+$)")


@dataclass(frozen=True)
class File:
    """What a file holds, and when it was uploaded, alone or in a zip file, in seconds; 0 if nobody knows."""

    content: bytes
    uploaded: float


@dataclass
class Work:
    """What one participant handed in, as it is to lie in submitted/."""

    files: dict[str, bytes] = field(default_factory=dict)  # by their paths
    when: datetime | None = None  # the last upload that counts, in UTC
    uploads: list[str] = field(default_factory=list)  # those that count
    missing: list[str] = field(default_factory=list)  # what is asked for and was not found
    notes: list[str] = field(default_factory=list)


def assemble(participant: Participant, assignment: Assignment) -> Work:
    """Return the work that a participant's uploads make. What is wrong with them is said in the notes."""
    work = Work()
    last = _last_attempts(participant, assignment, work)
    work.uploads = [entry.path for entry in last]
    work.when = max((entry.when for entry in last if entry.when), default=None)
    unpacked = dict(_unpacked(last, work))
    roots = []
    for home in (*(f"lib/{name}.py" for name in assignment.student_modules), f"{assignment.name}.ipynb"):
        path = _meant(home, unpacked, assignment, work)
        if path is None:
            work.missing.append(home)
        else:
            work.files[home] = unpacked.pop(path).content
            roots.append(_root(path, home))
    _add_others(unpacked, min(roots, key=len, default=""), work)
    return work


def _last_attempts(participant: Participant, assignment: Assignment, work: Work) -> list[Entry]:
    """Return the last upload of each name: a second one of the same name gets a number, from Canvas or a browser."""
    wanted = [f"{name}.py" for name in assignment.student_modules] + [f"{assignment.name}.ipynb"]
    wanted = wanted if participant.platform == "Canvas" else []
    attempts: dict[str, list[Entry]] = {}
    for entry in participant.uploads:
        numbered = _archive(entry) or any(is_named(entry.path, name) for name in wanted)
        attempts.setdefault(ATTEMPT.sub("", entry.path) if numbered else entry.path, []).append(entry)
    for entries in attempts.values():
        entries.sort(key=lambda entry: (_attempt(entry.path), _seconds(entry)))
        work.notes += [f"{entry.path} is an earlier try and was left out" for entry in entries[:-1]]
    return [entries[-1] for entries in attempts.values()]


def _seconds(entry: Entry) -> float:
    return entry.when.timestamp() if entry.when else 0.0


def _attempt(path: str) -> int:
    match = ATTEMPT.search(path)
    return int(match[1] or match[2]) if match else 0


def _archive(entry: Entry) -> str | None:
    """Return the ending by which an archive is known that can be unpacked."""
    return next((ending for ending in UNPACK if entry.name.casefold().endswith(ending)), None)


def _unpacked(uploads: list[Entry], work: Work) -> Iterator[tuple[str, File]]:
    """Yield the path of every file with what it holds and the time of its upload, archives unpacked."""
    room, files = MAX_TOTAL, 0
    waiting = [(entry, _seconds(entry), 0) for entry in uploads]
    while waiting:
        entry, uploaded, depth = waiting.pop(0)
        try:
            content = entry.read()
            room, files = room - len(content), files + 1
            if room < 0 or files > MAX_FILES:
                work.notes.append("it holds more than is unpacked; the rest was left out")
                return
            ending = _archive(entry)
            if ending is None and entry.name.casefold().endswith(NOT_UNPACKED):
                raise Refused("is not unpacked here: unpack it there yourself, or ask for a zip file")
            if ending is None:
                yield entry.path, File(content, uploaded)
            elif depth == MAX_DEPTH:
                raise Refused("lies too deep in other archives")
            else:
                folder = entry.path[: -len(ending)]
                inner = [replace(one, path=f"{folder}/{one.path}") for one in UNPACK[ending](content)]
                waiting[:0] = [(one, uploaded, depth + 1) for one in inner[:MAX_FILES]]
        except Refused as refusal:
            work.notes.append(f"{entry.path} {refusal}")


def _meant(home: str, unpacked: dict[str, File], assignment: Assignment, work: Work) -> str | None:
    """Return the path of the file that is meant by home: the one that was changed, or else the last of them."""
    released = assignment.root / "exercises" / assignment.name / home
    stub = squeezed(released.read_bytes()) if released.is_file() else None
    others = {f"{name}.py" for name in assignment.modules if f"lib/{name}.py" != home}
    paths = list(unpacked)
    there = [path for path in paths if path == home] + candidates(paths, home, others)
    if home.endswith(".ipynb") and not there:
        there = notebooks(paths, home)
    found = [Found(path, unpacked[path].content, f"/{path}".endswith(f"/{home}")) for path in there]
    last = max((unpacked[path].uploaded for path in there), default=0.0)
    for some in (found, [one for one in found if unpacked[one.path].uploaded == last]):
        if one := choose(some, lambda content: squeezed(content) == stub):
            why = (
                "was uploaded last and"
                if some is not found
                else "alone was worked on or is like all others, and"
            )
            if len(found) > 1:
                work.notes.append(f"of {len(found)} files, {one.path} {why} counts as {home}")
            for other in set(there) - {one.path}:
                del unpacked[other]
            return one.path
    if found:
        work.notes.append(f"which is meant for {home} is not clear: {', '.join(there[:5])}")
    return None


def _root(path: str, home: str) -> str:
    """Return the folder in which a submission begins, "" or with a / at the end."""
    folder = path.rpartition("/")[0] + "/" if "/" in path else ""
    in_lib = home.startswith("lib/") and folder.casefold().endswith("lib/")
    return folder[: -len("lib/")] if in_lib else folder


def _add_others(unpacked: dict[str, File], root: str, work: Work) -> None:
    """Add what else lies in the submission's folder, but not what the course gave, which grading takes from the course."""
    left_out = 0
    for path, file in unpacked.items():
        inside = path.removeprefix(root)
        if not path.startswith(root) or _clashes(inside, work.files):
            left_out += 1
        elif inside.split("/")[0] not in RELEASED - {"lib"}:
            work.files[inside] = file.content
    if left_out:
        work.notes.append(f"{left_out} other files were left out")


def _clashes(path: str, files: Iterable[str]) -> bool:
    """Return True if a path is that of another file, or one of the two would have to be a folder and a file."""
    return any(
        path == other or path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in files
    )
