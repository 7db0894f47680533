"""Whose share of continuous integration a test counts for."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from grading.assignment import ROOT, assignment_names
from tests.support.parts import EVERY_CHAPTER, FIXED, chapters, part_of


def item(path: str, marker: str = "", **parameters) -> SimpleNamespace:
    """Return what pytest knows of a test: its file, a marker, its parameters."""
    marked = SimpleNamespace(args=(marker,)) if marker else None
    callspec = {"callspec": SimpleNamespace(params=parameters)} if parameters else {}
    return SimpleNamespace(path=ROOT / path, get_closest_marker=lambda name: marked, **callspec)


CHAPTER = next(iter(chapters()))
PARTS = [
    (
        item("tests/grading/test_release.py", name=assignment_names()[0]),
        f"assignment {assignment_names()[0]}",
    ),
    (item("tests/book/test_pages.py", width=390, page=chapters()[CHAPTER]), f"chapter {CHAPTER}"),
    (item("tests/book/test_pages.py", page=f"{chapters()[CHAPTER]}.html"), f"chapter {CHAPTER}"),
    (item("tests/book/test_pages.py", EVERY_CHAPTER, width=390), EVERY_CHAPTER),
    (item("tests/book/test_build.py", page="index"), FIXED),
    (item("tests/grading/test_judge.py"), FIXED),
    (item("tests/lib/test_multi_head_attention.py"), "assignment attention"),
    (item("lib/sampling.py"), "assignment samplers"),
    (item("lib/ngram.py"), "chapter language-models"),
    (item("lib/__init__.py"), FIXED),
    (item("check/codec.py"), FIXED),
]


@pytest.mark.parametrize(("test", "part"), PARTS)
def test_a_test_counts_for_the_assignment_or_chapter_that_it_is_about(test, part):
    assert part_of(test) == part


def test_every_test_of_a_module_that_students_see_counts_for_somebody():
    files = [path.relative_to(ROOT).as_posix() for path in Path(ROOT, "tests/lib").glob("test_*.py")]
    assert [file for file in files if part_of(item(file)) == FIXED] == []
