"""Whose share of continuous integration a test's time counts for: an assignment's, a chapter's, all chapters', nobody's.

What is parametrised by an assignment or a chapter counts for it, and the tests of a module of lib for the assignment
that asks for it, or else for the chapter that it belongs to. The marker `part` says it where this is not enough.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from book.front_matter import Chapter, read_chapters
from grading.assignment import ROOT, assignment_names, load_assignment

ASSIGNMENT, CHAPTER = "assignment", "chapter"  # kinds of parts; one is called "assignment attention"
EVERY_CHAPTER, FIXED = "every chapter", "fixed"


@cache
def chapters() -> dict[str, Chapter]:
    """Return each chapter by its name, which is its file's without number and suffix."""
    return {Path(one.file).stem.split("-", 1)[1]: one for one in read_chapters(ROOT)}


def page_of(name: str) -> str:
    """Return a chapter's page, such as "04-attention"."""
    return Path(chapters()[name].file).stem


def part_of(item: pytest.Item) -> str:
    """Return the part that a test belongs to."""
    marker = item.get_closest_marker("part")
    if marker:
        return _known(marker.args[0])
    pages = {page_of(name): name for name in chapters()}
    for value in _parameters(item):
        if value in assignment_names():
            return f"{ASSIGNMENT} {value}"
        if value.removesuffix(".html") in pages:
            return f"{CHAPTER} {pages[value.removesuffix('.html')]}"
    return part_of_module(_module(item.path)) if item.path.parent.name == "lib" else FIXED


def _known(part: str) -> str:
    """Return a part that a marker names. Raises UsageError where there is none."""
    chosen = [
        *(f"{CHAPTER} {name}" for name in chapters()),
        *(f"{ASSIGNMENT} {name}" for name in assignment_names()),
    ]
    if part not in (EVERY_CHAPTER, FIXED, *chosen):
        raise pytest.UsageError(
            f"there is no part {part!r}; there is {', '.join((EVERY_CHAPTER, FIXED, *chosen))}"
        )
    return part


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
    found = [f"{CHAPTER} {name}" for name, chapter in chapters().items() if module in chapter.modules]
    return found[0] if found else FIXED
