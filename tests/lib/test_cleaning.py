"""What nobody sees goes, what everybody sees stays; against unicodedata and cases worked by hand."""

import random
import unicodedata

import pytest

from lib import data
from lib.cleaning import groups_of_copies, normalise

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # three people, joined by U+200D
ALPHABET = [
    "a",
    "B",
    "e\u0301",
    "é",
    "ﬁ",
    "①",
    "，",
    "\u3000",
    "\u00a0",
    " ",
    "\t",
    "\n",
    "\u200b",
    "\ufeff",
    "\r",
    "\u0301",
]


def random_texts(seed: int, count: int = 200) -> list[str]:
    source = random.Random(seed)
    return ["".join(source.choices(ALPHABET, k=source.randrange(12))) for _ in range(count)]


@pytest.mark.parametrize(
    ("text", "nfc", "nfkc"),
    [
        ("e\u0301", "é", "é"),
        ("ﬁne x² ①", "ﬁne x² ①", "fine x2 1"),
        ("好，ＡＢ", "好，ＡＢ", "好,AB"),
        ("a\u3000\u00a0\t b", "a b", "a b"),
        ("\ufeffa\u200bb\x00\x85", "ab", "ab"),
        ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd", "a\nb\nc\n\nd"),
        (f" {FAMILY} ", FAMILY, FAMILY),
        ("e\u200b\u0301", "é", "é"),  # what stood between is gone before the two are composed
        (
            "it\u00b4s \u00b4",
            "it\u00b4s \u00b4",
            "it \u0301s \u0301",
        ),  # NFKC makes blanks, of which one run is left
        ("", "", ""),
        (" \n\t\u200b ", "", ""),
    ],
)
def test_a_text_by_hand(text, nfc, nfkc):
    assert normalise(text) == nfc
    assert normalise(text, "NFKC") == nfkc


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_a_clean_text_has_the_form_and_stays_as_it_is(form):
    for text in random_texts(seed=1):
        clean = normalise(text, form)
        assert unicodedata.is_normalized(form, clean)
        assert clean == normalise(clean, form) == clean.strip()
        assert not any(unicodedata.category(c) in ("Cc", "Zs") and c not in " \n" for c in clean)
        assert "  " not in clean


def test_another_form_is_refused():
    for form in ("NFD", "nfc", ""):
        with pytest.raises(ValueError, match="must be NFC or NFKC"):
            normalise("a", form)


def test_copies_are_those_whose_clean_texts_are_equal():
    texts = random_texts(seed=2, count=400)
    groups = groups_of_copies(texts)
    assert sorted(i for group in groups for i in group) == list(range(400))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    together = {i: k for k, group in enumerate(groups) for i in group}
    assert all(group == sorted(group) for group in groups)
    for i in range(0, 400, 7):
        for j in range(400):
            assert (together[i] == together[j]) == (normalise(texts[i]) == normalise(texts[j]))


def test_no_text_has_no_copy():
    assert groups_of_copies([]) == []


def test_everything_is_found_in_one_place():
    assert data.normalise is normalise
    assert all(hasattr(data, name) for name in data.__all__)
