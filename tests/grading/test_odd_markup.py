"""No text that anybody writes, by chance or on purpose, keeps a page from being made."""

import random
import secrets
import time

import pytest

from check.pictures import embed_pictures
from grading.bridge.markup import MAX_MARKDOWN, safe_markdown

PIECES = [
    *"*_~`#>|-+=[](){}<>!&$\\\n\t\"' :;,.0é名\0\ufeff\u202e",
    *("\n\n", "```", "$$", "![", "](", "<!--", "-->", "<img ", "src=", "attachment:", "data:image/png;base64,", "</", "\\(", "\\["),
    *("\\begin{a}", "\\end{a}", "<details>", "<pre>", "[^1]", "[a]: ", "http://", "1. ", "- [ ] ", "    ", "&#x", "word", "| - |"),
    *("![x](attachment:a.png)", "<img src='attachment:a.png'>", "![x][y]", "[y]: attachment:b.png", "```mermaid\n", "```nonsense\n"),
]  # fmt: skip


def test_random_markup_always_makes_a_page():
    seed = secrets.token_hex(8)
    rng = random.Random(seed)
    for number in range(1500):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 40)))
        page = safe_markdown(embed_pictures(text, {"a.png": {"image/png": "AAAA"}})[0])
        assert "<script" not in page, (seed, number)


@pytest.mark.parametrize(
    "piece",
    ["[", ">", "- ", "*", "`", "$", "\\begin{a}", "<", "![x](", "\\\\[", "[a](", "<!--", "_a", "\n> ", "|a"],
)
def test_no_text_takes_long(piece):
    text = (piece * MAX_MARKDOWN)[:MAX_MARKDOWN]
    began = time.process_time()
    assert safe_markdown(text) is not None
    safe_markdown(text + " and more")  # of which nothing is interpreted
    assert time.process_time() - began < 15


@pytest.mark.parametrize(
    "text", ["![x](attachment:a.png)", "![x][y]\n\n[y]: attachment:a.png", "![x](ATTACHMENT:a.png)"]
)
def test_a_picture_that_is_missing_is_named_in_its_place(text):
    assert "a picture that is not in the notebook: a.png" in safe_markdown(text)


def test_a_large_picture_is_in_the_page_and_costs_little():
    uri = "data:image/png;base64," + "A" * 3_000_000
    began = time.process_time()
    page = safe_markdown(f"So: ![x]({uri}) and <img src='{uri}'>")
    assert time.process_time() - began < 3
    assert page.count(uri) == 2
    assert page.startswith("<p>So: <img")


def test_nothing_hides_behind_a_comment_without_an_end():
    assert "and more" in safe_markdown("one <!-- and more")
    assert "hidden" not in safe_markdown("<!-- hidden --> one <!-- and more")
