"""The terms that the chapters define, English and Chinese, read from the table at the end of each chapter.

That table stands under the heading "Terms" (or "Words"): English, 中文, what it means in one line. A term that several
chapters define is one entry. It leads to the section of the chapter that sets it in italics or bold, else to the one
whose title has it, else to the first that uses it, else to the table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from book import ROOT
from book.front_matter import Chapter, read_chapters
from book.sections import Section, sections

TABLES = ("Terms", "Words")
ROW = re.compile(r"^\|(?P<cells>.+)\|$", re.M)
BACK_MATTER = (*TABLES, "Quiz", "Exercises", "References")


@dataclass(frozen=True)
class Place:
    """Where a chapter defines a term."""

    chapter: int
    section: str
    address: str


@dataclass(frozen=True)
class Term:
    """A row of a chapter's table."""

    english: str
    chinese: str
    meaning: str
    places: tuple[Place, ...]


def read_terms(root: Path = ROOT) -> list[Term]:
    """Return the terms of all chapters in alphabetical order, each once."""
    found: dict[str, Term] = {}
    for chapter in read_chapters(root):
        for term in terms_of(chapter, (root / "book" / "en" / chapter.file).read_text("utf-8")):
            before = found.get(term.english, Term("", "", "", ()))
            chinese = "；".join(dict.fromkeys(filter(None, [before.chinese, term.chinese])))
            meaning = before.meaning or term.meaning
            found[term.english] = Term(term.english, chinese, meaning, before.places + term.places)
    return sorted(found.values(), key=lambda term: term.english.casefold())


def terms_of(chapter: Chapter, markdown: str) -> Iterator[Term]:
    """Yield the rows of a chapter's table."""
    parts = sections(markdown)
    for table in (part for part in parts if part.title in TABLES):
        for row in list(ROW.finditer(table.prose))[2:]:  # behind the head and its rule
            english, chinese, *meaning = (cell.strip() for cell in row["cells"].split("|"))
            place = (
                _where_defined(english, [part for part in parts if part.title not in BACK_MATTER]) or table
            )
            address = f"{Path(chapter.file).stem}.html#{place.anchors[0]}"
            yield Term(english, chinese, "".join(meaning), (Place(chapter.number, place.title, address),))


def _where_defined(english: str, parts: list[Section]) -> Section | None:
    """Return the section that defines the first of the names of a row, if one does."""
    name = re.escape(re.split(r"[,;(]", english)[0].strip())
    below = [part for part in parts if part.level > 1]
    marked = (part for part in below if re.search(rf"\*{name}(e?s)?\*", part.prose, re.I))
    titled = (part for part in below if re.search(rf"\b{name}", part.title, re.I))
    using = (part for part in below if re.search(rf"\b{name}", part.prose, re.I))
    return next(marked, None) or next(titled, None) or next(using, None)
