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


def test_a_chapter_and_its_sections_are_called_by_their_number_and_names():
    for chapter in read_chapters(ROOT):
        if chapter.assignment:
            page = (ROOT / "book" / "en" / chapter.file).read_text("utf-8")
            titles = {
                chapter.title,
                *re.findall(r"^##+ (.*)$", page, re.M),
                *re.findall(r"^##+ (.*?):", page, re.M),
            }
            found = SECTIONS.findall(text_of(chapter.assignment))
            assert {int(number) for number, _ in found} == {chapter.number}
            named = {title for _, sections in found for title in re.findall(r"\*([^*]+)\*", sections)}
            assert named - titles == set(), chapter.assignment
