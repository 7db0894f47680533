import pytest
import torch

from lib.characters import alphabet_of, encode
from lib.corpora import three_kingdoms

TEXTS = ["", "a", "naïve café", "𝄞 and 三国", "\n\t "]


@pytest.mark.parametrize("text", TEXTS)
def test_each_character_gets_its_place(text):
    alphabet = alphabet_of(TEXTS)
    tokens = encode(text, alphabet)
    assert tokens.dtype == torch.int64
    assert tokens.tolist() == [alphabet.index(character) for character in text]


def test_a_chinese_book_comes_back():
    text = "".join(three_kingdoms().values())
    alphabet = alphabet_of([text])
    assert "".join(alphabet[i] for i in encode(text, alphabet).tolist()) == text


@pytest.mark.parametrize(("text", "alphabet"), [("abz", "abc"), ("aBc", "abc"), ("a", "")])
def test_a_character_without_a_place_is_refused(text, alphabet):
    with pytest.raises(ValueError, match="the alphabet has no '[zBa]'"):
        encode(text, alphabet)
