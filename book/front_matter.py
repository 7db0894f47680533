"""What the pages say of themselves: a chapter's file name, heading and front matter, checked.

A chapter is a file book/en/NN-name.md with the heading "# N. Title" and, in its front matter,

    chapter:
      part: The Transformer    # one of the parts that the home page lists
      modules: [attention]     # of lib/; may be left out
      assignment: attention    # a folder of solutions/; may be left out
      needs_gpu: false
      learn: how a token finds what matters to it
      build: attention that agrees with PyTorch's

Any other page is a guide: it says `guide: {place: 1}`, its place among the guides, and, where it is not for one kind of
reader, under which caption: `guide: {place: 5, caption: Appendix}`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from myst_parser.config.main import TopmatterReadError, read_topmatter

HOME = "index.md"
CAPTION = "For you"  # of the guides that say no other
TEXT = {"type": "string", "minLength": 1}


class PageError(ValueError):
    """A page whose name, heading or front matter cannot be used; the message names the file."""


@dataclass(frozen=True)
class Chapter:
    """One chapter, as its page describes it."""

    file: str  # such as "04-attention.md"
    number: int
    title: str
    part: str
    needs_gpu: bool
    learn: str
    build: str
    modules: tuple[str, ...] = ()
    assignment: str | None = None


def read_parts(root: Path) -> list[str]:
    """Return the parts of the book in their order, from the numbered list of the home page."""
    parts = re.findall(r"^\d+\. \*\*(.+?)\*\*: ", (_pages(root) / HOME).read_text("utf-8"), re.M)
    if not parts:
        raise PageError(f"book/en/{HOME} has no list of the book's parts, with lines as: 1. **Part**: topics")
    return parts


def read_chapters(root: Path) -> list[Chapter]:
    """Return the chapters by number. Raises PageError when a page is not as it should be."""
    schema = _chapter_schema(root)
    chapters = [_read_chapter(page, schema) for page in sorted(_pages(root).glob("[0-9][0-9]-*.md"))]
    _refuse_doubles("number", ((c.number, c.file) for c in chapters))
    _refuse_doubles("assignment", ((c.assignment, c.file) for c in chapters if c.assignment))
    return chapters


def read_guides(root: Path) -> dict[str, list[str]]:
    """Return the files of the guides by caption, in their order. Raises PageError when a page is not as it should be."""
    pages = set(_pages(root).glob("*.md")) - set(_pages(root).glob("[0-9][0-9]-*.md"))
    schema = _object({"guide": _object({"place": {"type": "integer"}}, caption=TEXT)})
    guides = {page.name: _front_matter(page, schema)["guide"] for page in sorted(pages) if page.name != HOME}
    _refuse_doubles("place", [(guide["place"], name) for name, guide in guides.items()])
    found: dict[str, list[str]] = {}
    for name, guide in sorted(guides.items(), key=lambda pair: pair[1]["place"]):
        found.setdefault(guide.get("caption", CAPTION), []).append(name)
    return found


def _pages(root: Path) -> Path:
    return root / "book" / "en"


def _object(required: dict, **optional: dict) -> dict:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _chapter_schema(root: Path) -> dict:
    modules = sorted(path.stem for path in root.glob("lib/[!_]*.py"))
    assignments = sorted(path.parent.name for path in root.glob("solutions/*/assignment.toml"))
    required = {
        "part": {"enum": read_parts(root)},
        "needs_gpu": {"type": "boolean"},
        "learn": TEXT,
        "build": TEXT,
    }
    chapter = _object(
        required, modules={"type": "array", "items": {"enum": modules}}, assignment={"enum": assignments}
    )
    return _object({"chapter": {**chapter, "additionalProperties": False}})


def _read_chapter(page: Path, schema: dict) -> Chapter:
    fields = _front_matter(page, schema)["chapter"]
    number = int(page.name[:2])
    heading = re.search(r"^# (.*)$", page.read_text("utf-8").partition("\n---\n")[2], re.M)
    title = heading[1].removeprefix(f"{number}. ") if heading else ""
    if not heading or title == heading[1]:
        raise PageError(f'book/en/{page.name} has no heading "# {number}. Title", as its name wants it')
    modules = tuple(fields.pop("modules", ()))
    return Chapter(file=page.name, number=number, title=title, modules=modules, **fields)


def _front_matter(page: Path, schema: dict) -> dict[str, Any]:
    """Return what stands at the top of a page. Raises PageError when it does not fit the schema."""
    try:
        found = read_topmatter(page.read_text("utf-8")) or {}
    except TopmatterReadError as error:
        raise PageError(f"book/en/{page.name}: its front matter is not YAML: {error}") from error
    if problem := best_match(Draft202012Validator(schema).iter_errors(found)):
        where = ".".join(["front matter", *map(str, problem.absolute_path)])
        raise PageError(f"book/en/{page.name}: {where}: {problem.message}")
    return found


def _refuse_doubles(what: str, owners: Iterable[tuple[Any, str]]) -> None:
    seen: dict[Any, str] = {}
    for value, file in owners:
        if value in seen:
            raise PageError(f"book/en/{file} has the {what} {value}, and so has book/en/{seen[value]}")
        seen[value] = file
