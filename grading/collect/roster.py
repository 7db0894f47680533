"""Who is who: the participants of a platform and the students of the course, from a CSV file or the gradebook."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from grading.bridge.roster import folded
from grading.errors import CourseError

from .participants import Participant

# The columns of nbgrader's, Canvas' and Moodle's files, the more telling first.
ID = ("id", "student_id", "sis login id", "id number", "username", "sis user id", "email address", "email")
FIRST, LAST = ("first_name", "first name"), ("last_name", "last name", "surname")
FULL = ("student", "full name", "name")


@dataclass(frozen=True)
class Person:
    """One student: the id here, all ways to write the name, and the numbers by which the platforms know the student."""

    id: str
    names: frozenset[str] = frozenset()
    canvas: str = ""  # the user's
    moodle: str = ""  # that of the participant in this assignment, which the grading worksheet has


def read_roster(path: Path, known: Iterable[str]) -> list[Person]:
    """Read a file of nbgrader's, Canvas' or Moodle's; known are the gradebook's ids, whose spelling counts.

    Raises CourseError if it is none of them.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read as a table in UTF-8: {error}") from error
    first = text.partition("\n")[0]
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise CourseError(f"{path} is no table: {error}") from error
    spelling = {folded(student): student for student in known}
    found = [person for row in rows if (person := _person(_plain(row), spelling))]
    if not found:
        raise CourseError(f"{path} has no columns that name students; its first line is {first[:80]!r}")
    return found


def gradebook_roster(book: Gradebook) -> list[Person]:
    """Return the gradebook's students."""
    return [
        Person(s.id, _names(s.first_name or "", s.last_name or "", ""), canvas=s.lms_user_id or "")
        for s in book.students
    ]


def find(participant: Participant, people: list[Person]) -> list[str]:
    """Return the ids of the students whom a participant may be: exactly one, if all is well."""
    if participant.platform == "folder":
        return sorted({p.id for p in people if folded(p.id) == folded(participant.name)})
    number = {"Canvas": "canvas", "Moodle": "moodle"}[participant.platform]
    by_number = {person.id for person in people if getattr(person, number) == participant.number}
    names = {participant.name, participant.name.partition("-")[2]} - {""}  # Moodle puts a group in front
    keys = {key for name in names for key in _keys(name)}
    return sorted(by_number or {person.id for person in people if person.names & keys})


def _person(row: Mapping[str, str], spelling: dict[str, str]) -> Person | None:
    canvas = "sis login id" in row or "sis user id" in row  # whose column "id" is its own number
    ids = [row[name] for name in (ID[2:] if canvas else ID) if row.get(name)]
    if not ids:
        return None
    here = next((spelling[folded(one)] for one in ids if folded(one) in spelling), ids[0])
    first, last, full = (next((row[n] for n in some if row.get(n)), "") for some in (FIRST, LAST, FULL))
    number = row.get("id", "") if canvas else row.get("lms_user_id", "")
    participant = re.sub(r"^\D+", "", row.get("identifier", ""))  # "Participant 123456", in any language
    return Person(here, _names(first, last, full), number, participant)


def _plain(row: Mapping) -> dict[str, str]:
    """Return a row's texts by the names of their columns; a row may be longer or shorter than the head."""
    return {k.strip().lower(): v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}


def _names(first: str, last: str, full: str) -> frozenset[str]:
    last_of_full, _, first_of_full = full.partition(",")
    whole = {f"{first}{last}", f"{last}{first}", full, f"{first_of_full}{last_of_full}"}
    return frozenset(key for name in whole for key in _keys(name))


def _keys(name: str) -> set[str]:
    """Return a name without what platforms leave out of it: all but the letters, and perhaps their accents."""
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return {letters, plain} - {""}
