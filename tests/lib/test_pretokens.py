"""Pieces against the pattern of GPT-2 as Hugging Face's tokenizers has it."""

import pytest
from tokenizers.pre_tokenizers import ByteLevel

from lib.corpora import shakespeare, three_kingdoms
from lib.pretokens import pretokens, split_specials
from tests.support.drawn_texts import drawn_texts


def theirs(text):
    cutter = ByteLevel(add_prefix_space=False)
    return [text[start:end] for _, (start, end) in cutter.pre_tokenize_str(text)]


@pytest.mark.parametrize("seed", range(4))
def test_drawn_texts_are_cut_as_theirs(seed):
    for text in drawn_texts(500, seed):
        assert list(pretokens(text)) == theirs(text), repr(text)


def test_books_are_cut_as_theirs():
    for text in (shakespeare()["macbeth"], three_kingdoms()["001"]):
        assert list(pretokens(text)) == theirs(text)


def test_every_letter_and_number_of_the_first_planes_is_one():
    """Characters that Unicode had in 2017 and that no version has changed since."""
    for text in ("aé识𠀀ʰªაⴀ", "1²Ⅷ½٣𝟘〇"):
        assert list(pretokens(text)) == [text] == theirs(text)


def test_by_hand():
    assert list(pretokens("")) == []
    assert list(pretokens("We'll  see:\n\n  x=1")) == ["We", "'ll", " ", " see", ":", "\n\n ", " x", "=", "1"]
    assert list(pretokens("WE'LL")) == ["WE", "'", "LL"]


def test_what_stands_between_specials_and_the_specials_take_turns():
    assert split_specials("", ["<a>"]) == [""]
    assert split_specials("<a>", []) == ["<a>"]
    assert split_specials("x<a>", ["<a>"]) == ["x", "<a>", ""]
    assert split_specials("<|a|><|a|>.", ["<|a|>", "<|a|><|a|>"]) == ["", "<|a|><|a|>", "."]
    assert split_specials("(a|b)+", ["|", "+"]) == ["(a", "|", "b)", "+", ""]  # signs of patterns
