"""Where an assignment sends its readers, there is what it says."""

import json
import re

from book import ROOT
from book.front_matter import read_chapters

SECTIONS = re.compile(r"[Cc]hapter (\d+), (\*[^*]+\*(?: and \*[^*]+\*)*)")


def text_of(assignment):
    """Return all text of an assignment's notebook, in one line."""
    notebook = json.loads((ROOT / "solutions" / assignment / f"{assignment}.ipynb").read_text("utf-8"))
    return " ".join(" ".join("".join(cell["source"]) for cell in notebook["cells"]).split())


def titles_of(chapter):
    """Return what a chapter and its sections are called, a section also by what stands before its colon."""
    page = (ROOT / "book" / "en" / chapter.file).read_text("utf-8")
    return {chapter.title, *re.findall(r"^##+ (.*)$", page, re.M), *re.findall(r"^##+ (.*?):", page, re.M)}


def test_a_chapter_and_its_sections_are_called_by_their_number_and_names():
    """An assignment names its own chapter, and may name others."""
    titles = {chapter.number: titles_of(chapter) for chapter in read_chapters(ROOT)}
    for chapter in read_chapters(ROOT):
        if chapter.assignment:
            found = [
                (int(number), sections) for number, sections in SECTIONS.findall(text_of(chapter.assignment))
            ]
            assert chapter.number in {number for number, _ in found}, chapter.assignment
            for number, sections in found:
                unknown = set(re.findall(r"\*([^*]+)\*", sections)) - titles.get(number, set())
                assert not unknown, f"{chapter.assignment} names chapter {number}"
