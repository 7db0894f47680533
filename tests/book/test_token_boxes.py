"""A text and how it is cut, as boxes that readers with and without a screen can read."""

import pytest
from bs4 import BeautifulSoup

from book.cells.token_boxes import boxes, shown

pytestmark = pytest.mark.part("chapter tokens")


def parsed(rows, label="A label."):
    return BeautifulSoup(boxes(rows, label).data, "html.parser")


def test_each_row_has_its_name_and_a_box_for_each_token():
    page = parsed({"words": ["to", "be"], "bytes": [b"t", b"o"]})
    rows = page.select(".token-row")
    assert [row.select_one(".token-name").text for row in rows] == ["words", "bytes"]
    assert [[box.text for box in row.select(".token")] for row in rows] == [["to", "be"], ["t", "o"]]
    assert page.figure["aria-label"] == "A label."


def test_what_is_html_is_shown_as_it_is_written():
    page = parsed({"<b>": ["<i>", b"&"]}, label='a "label"')
    assert page.find("b") is None
    assert page.find("i") is None
    assert [box.text for box in page.select(".token")] == ["<i>", "&"]
    assert page.figure["aria-label"] == 'a "label"'


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (" a", "␣a"),
        (b"\n", "↵"),
        ("识".encode(), "识"),
        ("识".encode()[1:], "AF 86"),
        (b"\xff", "FF"),
        ("", ""),
    ],
)
def test_spaces_ends_of_lines_and_broken_characters_are_seen(token, text):
    assert shown(token) == text


def test_only_bytes_that_are_no_character_look_like_bytes():
    page = parsed({"": ["a", b"b", "é".encode(), "é".encode()[:1], "\ufffd"]})
    assert ["token-bytes" in box["class"] for box in page.select(".token")] == [
        False,
        False,
        False,
        True,
        False,
    ]
