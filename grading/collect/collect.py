"""Collect a download: say for each student what was found, and lay it in submitted/ once that is agreed to."""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grading.assignment import Assignment
from grading.bridge.submitted import timestamp, unusable
from grading.errors import CourseError

from .assemble import Work, assemble
from .entries import Refused, entries
from .participants import Participant, participants
from .roster import Person, find, gradebook_roster, read_roster

TIME = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True)
class Step:
    """What is to be done for one participant; outcome is new, replaced, unchanged, kept or left out."""

    participant: Participant
    folder: Path  # where the work belongs
    outcome: str
    lines: list[str]  # what to say of it


def collect(
    course: CourseDirectory,
    assignments: list[Assignment],
    source: str,
    roster: str | None,
    yes: bool,
    dry_run: bool,
) -> bool:
    """lay a download of Canvas or Moodle in submitted/, after saying for each student what it holds"""
    (assignment,) = assignments
    found, nobodys = _found(source, assignment)
    with Gradebook(course.db_url, course.course_id) as book:
        people = _people(book, roster, found)
    steps = [_step(course, assignment, one, ids) for one, ids in _each_once(found, people)]
    counts = _say(steps, nobodys, assignment)
    to_write = [step for step in steps if step.outcome in ("new", "replaced")]
    if dry_run or not to_write:
        return not counts["left out"]
    if not yes and not _agreed():
        print("Nothing was changed; --yes agrees beforehand.")
        return False
    for step in to_write:
        _write(step, assignment)
    print(f"{len(to_write)} submissions were laid in {course.submitted_directory}/")
    return not counts["left out"]


def _found(source: str, assignment: Assignment) -> tuple[list[Participant], list[str]]:
    try:
        return participants(entries(Path(source)), assignment.name)
    except Refused as refusal:
        raise CourseError(f"{source}: a zip file in it {refusal}") from None


def _say(steps: list[Step], nobodys: list[str], assignment: Assignment) -> Counter[str]:
    """Print what was found for each, and return how often each outcome came."""
    for step in steps:
        print(*step.lines, sep="\n    ")
    if nobodys:
        print(f"nobody's: {', '.join(nobodys[:5])}" + (f" and {len(nobodys) - 5} more" * (len(nobodys) > 5)))
    counts = Counter(step.outcome for step in steps)
    print(f"{assignment.name}: {', '.join(f'{count} {outcome}' for outcome, count in counts.items())}")
    return counts


def _people(book: Gradebook, roster: str | None, found: list[Participant]) -> list[Person]:
    """Return the students of the course. Raises CourseError where none are known, but for folders named by their ids."""
    if roster:
        return read_roster(Path(roster), [student.id for student in book.students])
    people = gradebook_roster(book)
    if found and found[0].platform == "folder":
        known = {person.id for person in people}
        return people + [
            Person(one.name, frozenset(), "")
            for one in found
            if not find(one, people) and one.name not in known
        ]
    if not people:
        raise CourseError(
            "the gradebook has no students, so nobody knows whose these are; give the platform's gradebook export or"
            " nbgrader's list of students: --roster <file.csv>"
        )
    return people


def _each_once(found: list[Participant], people: list[Person]) -> Iterator[tuple[Participant, list[str]]]:
    """Yield each participant with the ids it may be; two who may be the same student are none."""
    ids = {id(one): find(one, people) for one in found}
    times = Counter(name for names in ids.values() for name in names)
    for one in sorted(found, key=lambda one: (ids[id(one)], one.name)):
        names = ids[id(one)]
        yield one, names if len(names) != 1 or times[names[0]] == 1 else [*names, "another participant"]


def _step(course: CourseDirectory, assignment: Assignment, participant: Participant, ids: list[str]) -> Step:
    if len(ids) != 1 or unusable(ids[0]):
        why = (ids and unusable(ids[0])) or (f"may be {' or '.join(ids)}" if ids else "is not in the roster")
        return Step(participant, Path(), "left out", [f"{participant}: left out, {why}"])
    work, student = assemble(participant, assignment), ids[0]
    folder = Path(course.format_path(course.submitted_directory, student, assignment.name))
    outcome = _outcome(work, folder)
    late = ["marked as late by the platform"] * participant.late
    when = f"{work.when:{TIME}}" if work.when else "at no known time"
    lines = [
        f"{student}: {participant}, {', '.join(work.uploads)}",
        f"{when}: {', '.join(sorted(work.files)) or 'nothing that can be read'}",
        *late,
        *(f"missing: {name}" for name in work.missing),
        *work.notes,
        _describe(outcome, folder),
    ]
    return Step(participant, folder, outcome, lines)


def _outcome(work: Work, folder: Path) -> str:
    if not work.files:
        return "left out"
    if not os.path.lexists(folder):
        return "new"
    if all(_content(folder / name) == content for name, content in work.files.items()):
        return "unchanged"
    before = _time_of(folder)
    return "kept" if before and work.when and before > work.when.replace(tzinfo=None) else "replaced"


def _describe(outcome: str, folder: Path) -> str:
    before = _time_of(folder) if outcome in ("replaced", "kept") else None
    there = f"what is there, of {before:{TIME}}," if before else "what is there"
    return {
        "new": "new",
        "unchanged": "the same as what is there",
        "replaced": f"REPLACES {there}",
        "kept": f"{there} is newer and stays",
        "left out": "left out",
    }[outcome]


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _time_of(folder: Path):
    try:
        return timestamp(folder)
    except ValueError:
        return None


def _agreed() -> bool:
    return sys.stdin.isatty() and input("Lay these in submitted/? [y/N] ").strip().lower() in ("y", "yes")


def _write(step: Step, assignment: Assignment) -> None:
    """Lay one submission in place of what is there, whole or not at all."""
    work = assemble(step.participant, assignment)
    step.folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=step.folder.parent, prefix=".collect-") as scratch:
        new = Path(scratch, "new")
        for name, content in work.files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        if work.when:
            (new / "timestamp.txt").write_text(f"{work.when:{TIME}}\n", "utf8")
        if os.path.lexists(step.folder):
            os.rename(step.folder, Path(scratch, "old"))
        os.rename(new, step.folder)
