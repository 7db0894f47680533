import pytest
import torch

from lib.characters import Characters, alphabet_of, encode
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


@pytest.mark.parametrize("texts", [["To be,", "or not to be:", "that is the Question"], None])
def test_a_vocabulary_gives_back_what_it_has_encoded(texts):
    texts = texts or list(three_kingdoms().values())[:3]
    vocabulary = Characters(texts[0] + texts[1], specials=("[CLS]", "[MASK]"))
    ids = vocabulary.encode(texts[0])
    assert (ids.dtype, len(ids)) == (torch.int64, len(texts[0]))
    assert vocabulary.decode(ids) == vocabulary.decode(ids.tolist()) == texts[0]
    assert vocabulary.size == len(set(texts[0] + texts[1])) + 3
    known = set(texts[0] + texts[1])
    unknown = "".join(c if c in known else "\ufffd" for c in texts[2])
    assert vocabulary.decode(vocabulary.encode(texts[2])) == unknown
    assert vocabulary.encode(texts[2]).max() <= vocabulary.unknown_id


@pytest.mark.parametrize("text", TEXTS)
def test_ids_stand_in_the_order_of_code_points_then_the_unknown_then_the_specials(text):
    vocabulary = Characters(text + "\ufffd", specials=("[A]", "[B]"))
    assert vocabulary.decode(range(vocabulary.size)) == "".join(sorted(set(text))) + "\ufffd[A][B]"
    assert vocabulary.encode("\ufffd\x00").tolist() == [len(set(text))] * 2
    assert [vocabulary.id_of(name) for name in ("[A]", "[B]")] == [len(set(text)) + 1, len(set(text)) + 2]
    assert vocabulary.encode("").shape == (0,)


def test_a_special_s_name_in_a_text_is_text():
    vocabulary = Characters("[A]", specials=("[A]",))
    assert vocabulary.encode("[A]").tolist() == [1, 0, 2]  # "A" before "[" before "]"


def test_only_the_commonest_have_ids_and_the_first_of_equals():
    vocabulary = Characters("cccbbaaad", most=3)  # a and c thrice, b twice
    assert vocabulary.alphabet == "abc"
    assert Characters("cabd", most=2).alphabet == "ab"
    assert vocabulary.encode("dab").tolist() == [3, 0, 1]
    assert vocabulary.encode("dab").tolist() == vocabulary.encode("?ab").tolist()


def test_a_vocabulary_refuses():
    for change in ({"unknown": ""}, {"unknown": "ab"}, {"specials": ("[A]", "[A]")}):
        with pytest.raises(ValueError, match="must be one character, and specials=.* must differ"):
            Characters("a", **change)
    with pytest.raises(ValueError, match="most=-1 must not be negative"):
        Characters("ab", most=-1)
    with pytest.raises(ValueError, match=r"special='\[B\]' is none of \('\[A\]',\)"):
        Characters("a", specials=("[A]",)).id_of("[B]")
    for ids in ([0, 3], [-1], torch.tensor([5])):
        with pytest.raises(ValueError, match=r"ids have (3|-1|5); they must lie from 0 to 2"):
            Characters("ab").decode(ids)
