"""What the book adds to Sphinx: quizzes, widgets and the book's address, in small books of their own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

QUIZ = ":::{quiz}\nWhich?\n\n- [ ] *This.*\n\n  No, because.\n- [%s] That.\n\n  Since.\n:::\n"
PAGES = {
    "index": "Text.\n",
    "quiz": QUIZ % "x",
    "quiz-all-wrong": QUIZ % " ",
    "quiz-without-choices": ":::{quiz}\nWhich?\n:::\n",
    "widget": ":::{widget} heatmap\n:caption: So *much*.\n:data: numbers.json\n:::\n",
    "widget-unknown": ":::{widget} nonesuch\n{}\n:::\n",
    "widget-not-json": ":::{widget} heatmap\n{1: 2}\n:::\n",
    "erratum": "(run-dates)=\nText.\n\n:::{erratum} E22 It is *from* 2018\n:run: run-dates\n\nNo.\n:::\n",
    "erratum-link": "[See](#E22).\n",
    "erratum-unknown": ":::{erratum} E999 It is\nNo.\n:::\n",
    "contents": ":::{source-contents} d1\n:::\n",
    "contents-unknown": ":::{source-contents} d9\n:::\n",
    "terms": ":::{chapter-terms}\n:::\n",
}
CONF = "extensions = ['myst_parser', 'book.sphinx']\nmyst_enable_extensions = ['colon_fence']\n"


class SmallBook:
    """A book of these pages, built by Sphinx."""

    def __init__(self, folder: Path, pages: dict[str, str], **environment: str):
        for name, text in pages.items():
            (folder / f"{name}.md").write_text(f"---\norphan: true\n---\n\n# Title\n\n{text}")
        (folder / "numbers.json").write_text('{"tokens": ["a"], "heads": []}')
        (folder / "conf.py").write_text(CONF)
        self.site = folder / "out"
        command = [sys.executable, "-m", "sphinx", "-q", folder, self.site]
        variables = {name: value for name, value in os.environ.items() if name != "BOOK_URL"}
        done = subprocess.run(command, capture_output=True, text=True, env=variables | environment)
        self.warnings = done.stderr

    def __getitem__(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.site / f"{name}.html").read_text(), "html.parser")

    def complaints(self, name: str) -> list[str]:
        """Return what Sphinx says is wrong with a page."""
        return re.findall(rf"/{name}\.md:\d+: (?:ERROR|WARNING): (.*)", self.warnings)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return SmallBook(tmp_path_factory.mktemp("book"), PAGES)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return SmallBook(
        tmp_path_factory.mktemp("published"), {"index": "Text.\n"}, BOOK_URL="https://example.org/llm"
    )


def test_only_the_pages_that_are_wrong_are_complained_about(book, published):
    wrong = {"quiz-all-wrong", "quiz-without-choices", "widget-unknown", "widget-not-json"}
    wrong |= {"erratum-unknown", "contents-unknown"}
    assert {name for name in PAGES if book.complaints(name)} == wrong
    assert len(re.findall("ERROR|WARNING", book.warnings)) == len(wrong)
    assert not published.warnings


def test_a_quiz_explains_every_choice_without_a_script(book):
    page = book["quiz"]
    assert [d["class"] for d in page.select(".quiz > details")] == [["wrong"], ["right"]]
    assert [s.text for s in page.select(".quiz summary")] == ["This.", "That."]
    explanations = [e.get_text(" ", strip=True) for e in page.select(".quiz .explanation")]
    assert explanations == ["Not quite. No, because.", "Right. Since."]
    assert len({d["name"] for d in page.select(".quiz details")}) == 1


def test_a_widget_stands_on_its_page_with_its_script(book):
    page = book["widget"]
    assert json.loads(page.select_one("figure[data-widget=heatmap] script").string)["tokens"] == ["a"]
    assert page.select_one("figcaption em").text == "much"
    assert [s["src"] for s in page.select("head script[defer]")] == [
        "_static/widget.js",
        "_static/heatmap.js",
    ]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("quiz-all-wrong", "has one right choice, marked [x]; this one has 0"),
        ("quiz-without-choices", "a quiz is a question followed by a list of choices"),
        ("widget-unknown", "there is no widget 'nonesuch'"),
        ("widget-not-json", "the data of this widget is not JSON"),
        ("erratum-unknown", "E999 is no erratum that the outline of the documents knows"),
        ("contents-unknown", "there is no document 'd9'; there is d0, d1, d2, d3, d4"),
    ],
)
def test_a_wrong_directive_is_refused_in_one_sentence(book, name, complaint):
    (said,) = book.complaints(name)
    assert complaint in said


def test_an_erratum_says_where_it_stands_and_what_shows_it(book):
    fold = book["erratum"].select_one("details.erratum")
    assert fold.summary.get_text() == "d1 §1.1 E22 It is from 2018"
    assert fold.select_one(".erratum-body #E22").text == "No."
    links = {link.text: link["href"] for link in fold.select(".erratum-links a")}
    assert links["d1 §1.1"] == "contents-of-the-sources.html#d1.1.1.t2"
    assert links["this cell"] == "#run-dates"
    assert book["erratum-link"].select_one("article a, .body a[href='erratum.html#E22']").text == "See"


def test_the_contents_of_a_document_fold_its_chapters_with_what_stands_outside_of_them(book):
    folds = book["contents"].select("details.source-chapter")
    titles = [fold.summary.get_text() for fold in folds]
    assert titles[0] == "1 Outside the chapters"
    assert [title.split(". ")[1] for title in titles[1:]] == [
        "Background 1",
        "Core concepts and their relations 2",
        "Core algorithms, step by step 3",
        "Mathematical models and formulas with examples 4",
    ]
    entry = book["contents"].find(id="d1.3.1.t5")
    assert entry.select_one(".entry").get_text(" ", strip=True) == "Layer normalization 层归一化"
    assert [link.text for link in entry.select("a.number")] == ["E33"]


def test_the_terms_stand_with_their_chinese_names(book):
    entry = book["terms"].find(id="term-residual-stream")
    assert entry.select_one(".zh").text == "残差流"
    assert "running sum" in entry.find_next("dd").text


def test_a_published_book_knows_its_address(published):
    page = published["index"]
    assert page.find("link", rel="canonical")["href"] == "https://example.org/llm/index.html"
    assert page.find("meta", property="og:url")["content"] == "https://example.org/llm/index.html"
    assert "<loc>https://example.org/llm/index.html</loc>" in (published.site / "sitemap.xml").read_text()
    assert "/llm/_static/" in (published.site / "404.html").read_text()


def test_a_book_without_an_address_invents_none(book):
    assert book["index"].find("link", rel="canonical") is None
    assert not (book.site / "sitemap.xml").exists()
