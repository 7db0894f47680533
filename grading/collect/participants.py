"""Whose the files of a download are, by the names that Canvas and Moodle give them.

Canvas: `leeann_77_901_attention-1.zip`, or `leeann_LATE_77_901_…`, where 77 is the user. Moodle: a folder
`Ann Lee_123456_assignsubmission_file_` for each participant, or that in front of a file's name. Anything else is a folder
for each student, named by the id.
"""

import re
from dataclasses import dataclass, field, replace

from .entries import Entry, in_zip

CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<number>\d+)_(?:\d+_(?P<file>[^/]+)|(?P<text>text\.html))"
)
MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?:/?(?P<file>.+))", re.DOTALL
)


@dataclass
class Participant:
    """One person as the platform names it, with the files, whose paths begin at this person's folder."""

    platform: str
    name: str
    number: str = ""  # by which the platform knows the person
    late: bool = False
    uploads: list[Entry] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name} ({self.platform} {self.number})" if self.number else self.name


def participants(found: list[Entry], assignment: str) -> tuple[list[Participant], list[str]]:
    """Return everybody of whom something was found, and the paths of files that are nobody's."""
    if len(found) == 1 and found[0].name.casefold().endswith(".zip") and not _is_platforms(found[0]):
        found = in_zip(found[0].read())
    for platform, pattern in (("Moodle", MOODLE), ("Canvas", CANVAS)):
        for entries in (found, _without_top(found)):
            matches = [(entry, pattern.fullmatch(entry.path)) for entry in entries]
            if any(match for _, match in matches):
                people = _by_number(platform, [(e, match) for e, match in matches if match])
                return people, [entry.path for entry, match in matches if not match]
    return _by_folder(found if _are_one_student_s(found, assignment) else _without_top(found))


def _is_platforms(entry: Entry) -> bool:
    return bool(MOODLE.fullmatch(entry.path) or CANVAS.fullmatch(entry.path))


def _by_number(platform: str, matches: list[tuple[Entry, re.Match]]) -> list[Participant]:
    people: dict[tuple[str, str], Participant] = {}
    for entry, match in matches:
        fields = match.groupdict()
        key = (fields["number"], fields["name"])
        person = people.setdefault(key, Participant(platform, fields["name"].strip(), fields["number"]))
        person.late |= bool(fields.get("late"))
        person.uploads.append(replace(entry, path=fields["file"] or fields["text"]))
    return list(people.values())


def _without_top(found: list[Entry]) -> list[Entry]:
    """Return the entries without the one folder in which all of them lie, if they do."""
    tops = {entry.path.partition("/")[0] for entry in found if "/" in entry.path}
    if len(tops) != 1 or any("/" not in entry.path for entry in found):
        return found
    return [replace(entry, path=entry.path.partition("/")[2]) for entry in found]


def _are_one_student_s(found: list[Entry], assignment: str) -> bool:
    """Return True if the one folder at the top may be a student's: in it lie files, lib/, or the assignment's folder."""
    parts = [entry.path.split("/") for entry in found]
    inside = {part[1].casefold() for part in parts if len(part) > 2}
    return any(len(part) < 3 for part in parts) or len(inside) < 2 or bool(inside & {"lib", assignment})


def _by_folder(found: list[Entry]) -> tuple[list[Participant], list[str]]:
    """Return a participant for each folder at the top, or for each zip file that lies there."""
    people: dict[str, Participant] = {}
    nobodys = []
    for entry in found:
        top, _, rest = entry.path.partition("/")
        name = top if rest else top.removesuffix(".zip")
        if rest or top.endswith(".zip"):
            person = people.setdefault(name, Participant("folder", name))
            person.uploads.append(replace(entry, path=rest or top))
        else:
            nobodys.append(entry.path)
    return list(people.values()), nobodys
