"""lib.wordpiece cuts texts as BERT's tokenizer in transformers does."""

import os
import random
import unicodedata

import pytest

from lib.weights import minilm_folder
from lib.wordpiece import LONGEST, WordPiece

os.environ["HF_HUB_OFFLINE"] = "1"
PLAIN = (
    "abc ABC éÉ Üñ ß İ 12 , . - ' ? ! $ ` ~ ^ + | \t\n\r 你好 \xa0 \u3000 \u200b \ufffd \x00 ½ ² Ⅷ 한 か 🍕 "
)
ALPHABETS = "".join(chr(c) for c in range(0x20, 0x530) if unicodedata.category(chr(c)) not in ("Cn", "Co"))


@pytest.fixture(scope="module")
def pieces():
    return WordPiece.load(minilm_folder() / "vocab.txt")


@pytest.fixture(scope="module")
def theirs():
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.mark.parametrize("characters", [PLAIN, ALPHABETS], ids=["plain", "alphabets"])
def test_drawn_texts_have_the_ids_of_transformers(pieces, theirs, characters):
    draw = random.Random(0)
    for _ in range(1000):
        text = "".join(draw.choices(characters, k=draw.randrange(30)))
        assert pieces.encode(text) == theirs.encode(text).ids, repr(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Unaffable, isn't it?",
        "naïve café",
        "x" * LONGEST,
        "x" * (LONGEST + 1),
        "a" * 99 + "é",
        "我喜欢吃比萨。",
    ],
)
def test_single_texts_have_the_ids_of_transformers(pieces, theirs, text):
    assert pieces.encode(text) == theirs.encode(text).ids


def test_a_special_token_in_a_text_is_plain_text(pieces):
    assert pieces.encode("[SEP]")[1:-1] == [pieces.ids[piece] for piece in ("[", "sep", "]")]


def test_ids_become_text_again(pieces):
    assert pieces.decode(pieces.encode("Unaffable Zürich!")[1:-1]) == "unaffable zurich !"
    assert len(pieces) == 30522


def test_a_vocabulary_without_the_marks_is_refused():
    with pytest.raises(ValueError, match=r"the vocabulary lacks \[CLS\], \[UNK\]"):
        WordPiece(["[SEP]", "a"])
