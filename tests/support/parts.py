"""Whose share of continuous integration a test's time counts for: an assignment's, a chapter's, all chapters', nobody's.

What is parametrised by an assignment or a chapter counts for it, and the tests of a module of lib for the assignment
that asks for it, or else for the chapter that imports it. The marker `part` says it where this is not enough.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from grading.assignment import ROOT, assignment_names, load_assignment

ASSIGNMENT, CHAPTER = "assignment", "chapter"  # kinds of parts; one is called "assignment attention"
EVERY_CHAPTER, FIXED = "every chapter", "fixed"


@cache
def chapters() -> dict[str, str]:
    """Return the page of each chapter by its name, which is the page's without its number."""
    pages = sorted(path.stem for path in (ROOT / "book" / "en").glob("[0-9][0-9]-*.md"))
    return {page.split("-", 1)[1]: page for page in pages}


def part_of(item: pytest.Item) -> str:
    """Return the part that a test belongs to."""
    marker = item.get_closest_marker("part")
    if marker:
        return str(marker.args[0])
    pages = {page: name for name, page in chapters().items()}
    for value in _parameters(item):
        if value in assignment_names():
            return f"{ASSIGNMENT} {value}"
        if value.removesuffix(".html") in pages:
            return f"{CHAPTER} {pages[value.removesuffix('.html')]}"
    return part_of_module(_module(item.path)) if item.path.parent.name == "lib" else FIXED


def _parameters(item: pytest.Item) -> list[str]:
    callspec = getattr(item, "callspec", None)
    return [value for value in callspec.params.values() if isinstance(value, str)] if callspec else []


@cache
def _module(path: Path) -> str:
    """Return the module of lib that a file is, or that it imports first."""
    if path.parent == ROOT / "lib":
        return path.stem
    found = re.search(r"^(?:from|import) lib(?:\.| import )(\w+)", path.read_text("utf8"), re.MULTILINE)
    return found[1] if found else ""


@cache
def part_of_module(module: str) -> str:
    """Return the part of a module of lib."""
    for name in assignment_names():
        if module in load_assignment(name).student_modules:
            return f"{ASSIGNMENT} {name}"
    for name, page in chapters().items():
        text = (ROOT / "book" / "en" / f"{page}.md").read_text("utf8")
        if re.search(rf"\blib(?:\.| import ){module}\b", text):
            return f"{CHAPTER} {name}"
    return FIXED
