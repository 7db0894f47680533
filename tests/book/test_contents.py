"""The tables that list the chapters are made from the pages' front matter, and what is wrong there is said."""

import pytest
import yaml

from book import contents
from book.front_matter import PageError

HOME = "1. **Words**: tokens\n2. **Networks**: layers\n"
MARKS = "<!-- chapters, written by `python -m book.contents` -->\nold\n<!-- end of chapters -->\n"
PAGE = """---
chapter:
  part: Networks
  modules: [attention]
  assignment: attention
  needs_gpu: false
  learn: who looks where
  build: a layer
---

# 4. Attention
"""


@pytest.fixture
def course(tmp_path):
    """A course with one chapter, two guides, a page of the appendix, a module and an assignment."""
    for file, text in {
        "README.md": f"Before\n\n{MARKS}\nAfter\n",
        "book/en/index.md": f"# Home\n\n{MARKS}\n{HOME}",
        "book/en/04-attention.md": PAGE,
        "book/en/teachers.md": "---\nguide: {place: 2}\n---\n\n# For teachers\n",
        "book/en/errata.md": "---\nguide: {place: 3, caption: Appendix}\n---\n\n# Errata\n",
        "book/en/students.md": "---\nguide: {place: 1}\n---\n\n# For students\n",
        "lib/attention.py": "",
        "solutions/attention/assignment.toml": "",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    return tmp_path


def test_what_is_committed_is_what_the_pages_say():
    for path, text in contents.contents().items():
        assert path.read_text("utf-8") == text, f"{path.name} is old; run: python -m book.contents"


def test_a_new_chapter_is_one_new_file(course):
    page = "---\nchapter: {part: Words, needs_gpu: true, learn: splitting, build: a tokenizer}\n---\n\n# 2. Tokens\n"
    (course / "book/en/02-tokens.md").write_text(page)
    contents.main(course)
    toc = yaml.safe_load((course / "_toc.yml").read_text())
    assert {part["caption"]: [page["file"] for page in part["chapters"]] for part in toc["parts"]} == {
        "Words": ["02-tokens"],
        "Networks": ["04-attention"],
        "For you": ["students", "teachers"],
        "Appendix": ["errata"],
    }
    home, readme = ((course / name).read_text() for name in ("book/en/index.md", "README.md"))
    assert "| [2. Tokens](02-tokens.md) | splitting | a tokenizer |\n" in home
    assert (
        "| [4. Attention](04-attention.md) | who looks where | a layer, and a graded assignment |\n" in home
    )
    assert "| [2 Tokens](book/en/02-tokens.md) |  |  | yes |\n" in readme
    row = "[4 Attention](book/en/04-attention.md) | [`attention`](lib/attention.py) | [`attention`](exercises/attention)"
    assert f"| {row} | no |\n" in readme
    assert home.endswith(HOME)
    assert readme.startswith("Before\n")
    assert readme.endswith("After\n")
    assert "old" not in home + readme


def test_a_file_that_stays_the_same_keeps_its_time(course):
    contents.main(course)
    times = {path: path.stat().st_mtime_ns for path in contents.contents(course)}
    contents.main(course)
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  learn: who looks where\n", "", "front matter.chapter: 'learn' is a required property"),
        ("part: Networks", "part: Nets", r"chapter.part: 'Nets' is not one of \['Words', 'Networks'\]"),
        ("[attention]", "[attend]", r"chapter.modules.0: 'attend' is not one of \['attention'\]"),
        ("assignment: attention", "assignment: tokens", r"chapter.assignment: 'tokens' is not one of"),
        ("needs_gpu: false", "needs_gpu: maybe", "chapter.needs_gpu: 'maybe' is not of type 'boolean'"),
        ("needs_gpu", "gpu", "'gpu' was unexpected|'needs_gpu' is a required property"),
        ("chapter:\n", "chapter: [\n", "its front matter is not YAML"),
        (PAGE, "# 4. Attention\n", "front matter: 'chapter' is a required property"),
        ("# 4. Attention", "# 5. Attention", 'has no heading "# 4. Title", as its name wants it'),
        ("# 4. Attention", "Attention", 'has no heading "# 4. Title", as its name wants it'),
    ],
)
def test_what_is_wrong_with_a_chapter_is_said_in_one_sentence_that_names_it(course, old, new, complaint):
    assert old in PAGE
    (course / "book/en/04-attention.md").write_text(PAGE.replace(old, new))
    with pytest.raises(SystemExit, match=rf"^book/en/04-attention\.md\b.*(?:{complaint})") as refusal:
        contents.main(course)
    assert "\n" not in str(refusal.value)
    assert not (course / "_toc.yml").exists()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("04-heads.md", PAGE, "book/en/04-heads.md has the number 4, and so has book/en/04-attention.md"),
        (
            "05-heads.md",
            PAGE.replace("# 4.", "# 5."),
            "book/en/05-heads.md has the assignment attention, and so has book/en/04-attention.md",
        ),
        ("heads.md", PAGE, "book/en/heads.md: front matter: 'guide' is a required property"),
        (
            "heads.md",
            "---\nguide: {place: 2}\n---\n",
            "book/en/teachers.md has the place 2, and so has book/en/heads.md",
        ),
    ],
)
def test_a_page_that_does_not_fit_beside_the_others_is_named(course, name, text, complaint):
    (course / "book/en" / name).write_text(text)
    with pytest.raises(PageError, match=f"^{complaint}$"):
        contents.contents(course)


@pytest.mark.parametrize("page", ["README.md", "book/en/index.md"])
def test_a_page_without_a_place_for_the_table_is_named(course, page):
    path = course / page
    path.write_text(path.read_text().replace(MARKS, ""))
    with pytest.raises(PageError, match=f"^{path.name} has 0 places for the table of chapters"):
        contents.contents(course)


def test_a_home_page_without_parts_is_named(course):
    (course / "book/en/index.md").write_text(MARKS)
    with pytest.raises(PageError, match="^book/en/index.md has no list of the book's parts"):
        contents.contents(course)
