"""Where the documents' topics are, as links: for the page of errata and the contents of the documents."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from book.coverage import Coverage, Home

CONTENTS, ERRATA = "contents-of-the-sources.html", "errata.html"


@dataclass(frozen=True)
class Link:
    """A link, or words where there is nothing to lead to."""

    text: str
    address: str = ""


@cache
def coverage() -> Coverage:
    return Coverage()


def home_link(home: Home) -> Link:
    """Return the link to a topic's section of this book, or the chapter that will have it, in words."""
    if not coverage().is_there(home):
        return Link(f"{home.chapter} {home.title} (to come)")
    section = coverage().sections[str(home.page)][str(home.anchor)]
    return Link(f"{home.chapter} {home.title}: {section}", f"{home.page}.html#{home.anchor}")


def source_link(item: str) -> Link:
    """Return the link to an entry of a document's contents.

    >>> source_link("d4.3.2.1.c1")
    Link(text='d4 §3.2.1', address='contents-of-the-sources.html#d4.3.2.1.c1')
    """
    document, _, rest = item.partition(".")
    section = re.match(r"(?:\d+\.)*\d+", rest)
    where = f"§{section[0]}" if section and section[0] != "0" else "text"
    return Link(f"{document} {where}", f"{CONTENTS}#{item}")


def places_of(erratum: str) -> tuple[list[Link], list[Link]]:
    """Return where an erratum stands in the documents, and the sections of this book that have its subject."""
    items = [
        item
        for document in coverage().outline
        for item in document["items"]
        if erratum in item.get("errata", ())
    ]
    homes = [coverage().homes[item["topic"]] for item in items if "topic" in item]
    return _first_of_each(source_link(item["id"]) for item in items), _first_of_each(map(home_link, homes))


def _first_of_each(links: Iterable[Link]) -> list[Link]:
    return list({link.text: link for link in links}.values())
