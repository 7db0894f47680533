"""Who is in the course, and who may be one person under two spellings."""

import unicodedata
from collections.abc import Iterable
from logging import Logger

from nbgrader.api import Gradebook, Student


def look_alikes(students: Iterable[str], book: Gradebook) -> list[str]:
    """Return a sentence for all ids, of these and of the gradebook's, that differ in capital letters or accents' form only."""
    spellings: dict[str, set[str]] = {}
    for student in {*students, *(name for (name,) in book.db.query(Student.id))}:
        spellings.setdefault(folded(student), set()).add(student)
    return [
        f"{' and '.join(map(repr, sorted(same)))} may be one student; rename the folder in submitted/, or remove one of"
        " them from the gradebook with: nbgrader db student remove"
        for same in sorted(spellings.values(), key=sorted)
        if len(same) > 1
    ]


def warn_of_look_alikes(students: Iterable[str], book: Gradebook, log: Logger) -> None:
    """Log what look_alikes says."""
    for sentence in look_alikes(students, book):
        log.warning(sentence)


def folded(text: str) -> str:
    """Return a text in which capital letters, spaces around it and ways to write an accent make no difference."""
    return unicodedata.normalize("NFC", text.strip()).casefold()
