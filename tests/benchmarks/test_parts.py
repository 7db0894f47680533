"""Whose share of continuous integration a test counts for."""

from types import SimpleNamespace

import pytest

from grading.assignment import ROOT, assignment_names
from tests.support.parts import EVERY_CHAPTER, FIXED, chapters, page_of, part_of


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
    (item("tests/book/test_pages.py", width=390, page=page_of(CHAPTER)), f"chapter {CHAPTER}"),
    (item("tests/book/test_pages.py", page=f"{page_of(CHAPTER)}.html"), f"chapter {CHAPTER}"),
    (item("tests/book/test_pages.py", EVERY_CHAPTER, width=390), EVERY_CHAPTER),
    (item("tests/book/test_build.py", page="index"), FIXED),
    (item("tests/grading/test_judge.py"), FIXED),
    (item("tests/lib/test_multi_head_attention.py"), "assignment attention"),
    (item("lib/sampling.py"), "assignment samplers"),
    (item("lib/ngram.py"), "chapter language-models"),
    (item("tests/lib/test_corpora.py"), FIXED),
    (item("lib/__init__.py"), FIXED),
    (item("check/codec.py"), FIXED),
]


@pytest.mark.parametrize(("test", "part"), PARTS)
def test_a_test_counts_for_the_assignment_or_chapter_that_it_is_about(test, part):
    assert part_of(test) == part


def test_a_part_that_there_is_not_is_refused():
    with pytest.raises(pytest.UsageError, match="there is no part 'chapter nowhere'"):
        part_of(item("tests/book/test_pages.py", "chapter nowhere"))
