"""Every topic of the five documents has one home in this book, and the contents of the documents lead there."""

from collections import Counter

import pytest

from book.coverage import Coverage, main
from book.sections import sections
from tests.support.built_book import chapters, pages

pytestmark = pytest.mark.part("every chapter")

OUTLINE = "- {id: d0, en: D, items: [{id: d0.1, kind: chapter, topic: tokens}, {id: d0.2, kind: chapter, topic: data}]}\n"
HOMES = """
- {chapter: 2, title: Tokens, page: 02-tokens, topics: [tokens: one-cut]}
- {chapter: 9, title: Data, page: 09-data, topics: [data: copies]}
"""
PAGE = "---\nchapter: {part: Words, needs_gpu: false, learn: a, build: b}\n---\n\n# 2. Tokens\n\n## One *cut*\n\nText.\n"


@pytest.fixture
def course(tmp_path):
    """A course with two topics and one of their two pages."""
    (tmp_path / "book" / "en").mkdir(parents=True)
    for file, text in {
        "outline.yml": OUTLINE,
        "coverage.yml": HOMES,
        "en/index.md": "1. **Words**: tokens\n",
        "en/02-tokens.md": PAGE,
    }.items():
        (tmp_path / "book" / file).write_text(text)
    return tmp_path


@pytest.fixture(scope="module")
def coverage():
    return Coverage()


def ids(page):
    return [element["id"] for element in pages()[page].select("[id]")]


def test_every_topic_has_one_home_and_no_home_is_wrong(coverage):
    assert coverage.faults() == []
    counts = Counter(topic for topic, _ in coverage.pairs)
    assert set(counts) == coverage.topics()
    assert set(counts.values()) == {1}
    assert len(counts) == 246


def test_the_home_of_a_topic_is_a_section_of_the_built_page(coverage):
    there = [home for home in coverage.homes.values() if home.page in chapters()]
    assert len(there) == int(coverage.summary().split()[1])
    wrong = {f"{home.page}#{home.anchor}" for home in there if home.anchor not in ids(f"{home.page}.html")}
    assert not wrong


def test_the_contents_page_has_every_entry_of_the_documents_once(coverage):
    entries = [item["id"] for document in coverage.outline for item in document["items"]]
    shown = [name for name in ids("contents-of-the-sources.html") if name.startswith("d") and "." in name]
    assert shown == entries
    assert len(entries) == 665


def test_an_entry_leads_to_the_home_of_its_topic_or_names_the_chapter_to_come(coverage):
    rows = {row["id"]: row for row in pages()["contents-of-the-sources.html"].select(".source-chapter li")}
    for item in (item for document in coverage.outline for item in document["items"] if "topic" in item):
        home, link = coverage.homes[item["topic"]], rows[item["id"]].select_one(".home > a:not(.number)")
        if coverage.is_there(home):
            assert link["href"] == f"{home.page}.html#{home.anchor}"
        else:
            assert link is None
            assert f"→ {home.chapter} {home.title} (to come)" in rows[item["id"]].text


def test_the_overview_counts_every_entry_that_has_a_topic(coverage):
    rows = pages()["contents-of-the-sources.html"].select(".source-overview tbody tr")
    assert [int(row.th.text.split()[0]) for row in rows] == list(range(1, 36))
    counts = [[int(cell.text or 0) for cell in row.select("td")] for row in rows]
    wanted = [sum("topic" in item for item in document["items"]) for document in coverage.outline]
    assert [sum(column) for column in zip(*counts, strict=True)] == wanted


def test_a_page_to_come_counts_as_not_covered_and_is_no_fault(course, capsys):
    main(course)
    assert capsys.readouterr().out == "covered 1 of 2\n"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("one-cut", "two-cuts", "tokens is to be at 02-tokens#two-cuts, but that page has no such section"),
        ("data: copies", "", "data has no home"),
        ("[data: copies]", "[data: copies, data]", "data has 2 homes"),
        ("data: copies", "data: copies, weather", "weather is no topic of the outline"),
        (
            "title: Tokens",
            "title: Words",
            "chapter 2 is 'Tokens' on 02-tokens; coverage.yml says ('Words', '02-tokens')",
        ),
        ("page: 02-tokens, ", "", "chapter 2 is 'Tokens' on 02-tokens; coverage.yml says ('Tokens', None)"),
    ],
)
def test_what_is_wrong_is_said(course, old, new, complaint):
    assert old in HOMES
    (course / "book" / "coverage.yml").write_text(HOMES.replace(old, new))
    with pytest.raises(SystemExit) as refusal:
        main(course)
    assert f"book/coverage.yml: {complaint}" in str(refusal.value).splitlines()


def test_the_anchors_of_a_page_are_read_from_its_source_as_they_are_built():
    for name in (name for name in chapters() if name[0].isdigit()):
        source = (Coverage().root / "book" / "en" / f"{name}.md").read_text("utf-8")
        read = {section.anchors[0] for section in sections(source)}
        built = {
            section["id"]
            for section in pages()[f"{name}.html"].select("article section:has(> h1, > h2, > h3)")
        }
        assert read == built, name


def test_the_outline_has_headings_and_names_but_no_sentences(coverage):
    for document in coverage.outline:
        for item in document["items"]:
            assert set(item) <= {"id", "kind", "line", "topic", "en", "zh", "errata"}
            if item["kind"] not in ("chapter", "section", "faq"):
                assert "。" not in item.get("zh", "")
                assert len(item.get("zh", "")) <= 20, item
