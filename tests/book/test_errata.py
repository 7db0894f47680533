"""The page of errata has every mistake once, each with a cell that shows it or a paper."""

import re

import pytest

from book.coverage import Coverage
from tests.support.built_book import pages

pytestmark = pytest.mark.part("every chapter")

NUMBERS = [f"E{n:02}" for n in range(1, 168)]


@pytest.fixture(scope="module")
def page():
    return pages()["errata.html"]


def test_every_erratum_is_there_once_and_can_be_linked(page):
    assert sorted(e.select_one(".number").text for e in page.select("details.erratum")) == sorted(NUMBERS)
    for erratum in page.select("details.erratum"):
        assert erratum.select_one(".erratum-body [id^=E]")["id"] == erratum.select_one(".number").text


def test_the_documents_know_the_same_errata():
    items = [item for document in Coverage().outline for item in document["items"]]
    assert {number for item in items for number in item.get("errata", ())} == set(NUMBERS)


def test_every_erratum_has_a_cell_that_names_it_or_a_reference(page):
    bare = []
    for erratum in page.select("details.erratum"):
        number, runs = erratum.select_one(".number").text, erratum.select("a[href^='#run-']")
        shown = [page.select_one(f".cell{link['href']}").get_text() for link in runs]
        if not all(re.search(rf"\b{number}\b", text) for text in shown):
            bare.append(f"{number}: the cell does not name it")
        if not shown and not erratum.select(".bibtex-citation"):
            bare.append(f"{number}: neither a cell nor a reference")
    assert not bare


def test_every_cell_that_is_shown_is_the_evidence_of_an_erratum(page):
    named = {link["href"][1:] for link in page.select("details.erratum a[href^='#run-']")}
    assert {target["id"] for target in page.select("[id^=run-]")} == named


def test_an_erratum_is_short(page):
    for erratum in page.select("details.erratum"):
        words = sum(
            len(part.text.split()) for part in erratum.select(".erratum-body > p:not(.erratum-links)")
        )
        assert 5 <= words <= 70, erratum.select_one(".number").text
