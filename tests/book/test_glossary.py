"""The glossary has every term of every chapter, with its Chinese name, its meaning and where it is defined."""

import re

import pytest

from book import ROOT
from book.front_matter import Chapter, read_chapters
from book.glossary import read_terms, terms_of
from book.sections import sections
from tests.support.built_book import pages

pytestmark = pytest.mark.part("every chapter")

CHAPTER = Chapter("06-block.md", 6, "The block", "Nets", False, "a", "b")
PAGE = """# 6. The block

A gate, a norm, a stack.

(6-norms)=
## Norms

A *norm* keeps sizes. A gate may follow.

## Gates

Text.

## Terms

| English | 中文 | in one line |
|---|---|---|
| gate, switch | 门控 | lets pass or not |
| norm | 归一化 | keeps sizes |
| stack | 堆叠 | one on another |

## References
"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows(chapter):
    return list(terms_of(chapter, (ROOT / "book" / "en" / chapter.file).read_text("utf-8")))


@pytest.mark.parametrize("chapter", read_chapters(ROOT), ids=lambda chapter: chapter.file)
def test_every_term_of_a_chapter_has_a_chinese_name_a_meaning_and_a_place(chapter):
    terms = rows(chapter)
    assert len(terms) >= 8
    for term in terms:
        assert CHINESE.search(term.chinese), term
        assert term.meaning, term
        page, anchor = term.places[0].address.split("#")
        assert pages()[page].find(id=anchor), term


def test_a_term_has_one_chinese_name_in_all_chapters():
    names = {}
    for chapter in read_chapters(ROOT):
        for term in rows(chapter):
            assert names.setdefault(term.english, term.chinese) == term.chinese, (chapter.file, term)


def test_the_page_has_every_term_once_in_alphabetical_order():
    shown = [term.get_text() for term in pages()["glossary.html"].select("dl.chapter-terms > dt")]
    assert len(shown) == len(read_terms())
    assert all(term.chinese in text for term, text in zip(read_terms(), shown, strict=True))
    assert [t.english.casefold() for t in read_terms()] == sorted(t.english.casefold() for t in read_terms())


def test_a_term_leads_to_the_section_that_marks_it_or_is_called_by_it_or_to_the_table():
    found = {term.english: term for term in terms_of(CHAPTER, PAGE)}
    addresses = {name: term.places[0].address for name, term in found.items()}
    assert addresses == {
        "gate, switch": "06-block.html#gates",
        "norm": "06-block.html#norms",
        "stack": "06-block.html#terms",
    }
    assert (found["norm"].chinese, found["norm"].meaning) == ("归一化", "keeps sizes")


def test_a_section_is_read_with_its_label_and_without_code():
    parts = sections("# 1. One\n\n(1-a)=\n## *Two* and `three`\n\ntext\n\n```python\n## no heading\n```\n")
    assert [part.title for part in parts] == ["1. One", "Two and three"]
    assert parts[1].anchors == ("two-and-three", "a")
    assert parts[1].prose.strip() == "text"
