"""The contents of the documents: `source-overview`, a table of chapters, and `source-contents`, one document's lines.

:::{source-contents} d1
:::

Each line leads to the home of its topic in this book. The table counts the lines of each document by their chapter.
"""

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.coverage import Home
from book.sphinx.places import ERRATA, Link, coverage, home_link

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)
HEADINGS = ("chapter", "section")


class SourceContents(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        documents = {document["id"]: document for document in coverage().outline}
        if self.arguments[0] not in documents:
            raise self.error(f"there is no document {self.arguments[0]!r}; there is {', '.join(documents)}")
        items = documents[self.arguments[0]]["items"]
        numbers = {number for item in items for number in item.get("errata", ())}
        page = TEMPLATES.get_template("contents.html").render(
            items=len(items), errata=len(numbers), chapters=chapters_of(items), errata_page=ERRATA
        )
        return [nodes.raw("", page, format="html")]


class SourceOverview(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        homes = coverage().homes
        counts = Counter(
            (homes[item["topic"]].chapter, document["id"])
            for document in coverage().outline
            for item in document["items"]
            if "topic" in item
        )
        documents = [document["id"] for document in coverage().outline]
        rows = [
            {"chapter": _chapter_link(home), "counts": [counts[home.chapter, name] for name in documents]}
            for home in {home.chapter: home for home in homes.values()}.values()
        ]
        table = TEMPLATES.get_template("overview.html")
        page = table.render(documents=documents, rows=rows, most=max(counts.values()))
        return [nodes.raw("", page, format="html")]


def _chapter_link(home: Home) -> Link:
    name = f"{home.chapter} {home.title}"
    return Link(name, f"{home.page}.html") if coverage().is_there(home) else Link(f"{name} (to come)")


def chapters_of(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the chapters of a document with their rows; what stands outside of them makes groups of its own."""
    headings = {item["id"]: item for item in items if item["kind"] == "chapter"}

    def chapter_of(item: dict[str, Any]) -> str:
        chapter = ".".join(item["id"].split(".")[:2])
        return chapter if chapter in headings else ""

    found = []
    for chapter, members in groupby(items, chapter_of):
        title = headings.get(chapter, {"en": "Outside the chapters"})
        rows = [_row(item, items) for item in members]
        found.append({"title": title["en"], "zh": title.get("zh"), "rows": rows})
    return found


def _row(item: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    depth = max(0, item["id"].count(".") - 1)
    return {"errata": [], **item, "depth": depth, "home": _home(item, items)}


def _home(item: dict[str, Any], items: list[dict[str, Any]]) -> Link:
    """Return the home of an entry's topic; a heading without one has that of the first topic below it."""
    below = (
        other["topic"]
        for other in items
        if f"{other['id']}.".startswith(f"{item['id']}.") and "topic" in other
    )
    return home_link(coverage().homes[next(below)])


def setup(app: Sphinx) -> None:
    app.add_directive("source-contents", SourceContents)
    app.add_directive("source-overview", SourceOverview)
