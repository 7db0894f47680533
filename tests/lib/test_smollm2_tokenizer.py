"""lib.smollm2_tokenizer gives the ids that SmolLM2 was trained with, as the tokenizers package does."""

import random
import unicodedata

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from lib.gguf import read_gguf
from lib.smollm2_tokenizer import single_digits, smollm2_tokenizer
from lib.weights import smollm2_file

LOST = "\x04\x06\x13\x14\x16\x1d"  # no token has these bytes
PLAIN = "abc ABC é Ü 1 2 345 , . - ' 's 'll ? ! $ ` ~ ^ \t\n\r 你好 \u3000 \u200b \ufffd ½ ² Ⅷ ٣ 한 か 🍕"
WIDE = "".join(chr(c) for c in range(0x20000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co"))


@pytest.fixture(scope="module")
def facts():
    return read_gguf(smollm2_file())[0]


@pytest.fixture(scope="module")
def ours(facts):
    return smollm2_tokenizer(facts)


@pytest.fixture(scope="module")
def theirs(facts):
    ids = {token: i for i, token in enumerate(facts["tokenizer.ggml.tokens"])}
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=merges))
    bytes_, digits = (
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=True),
    )
    tokenizer.pre_tokenizer, tokenizer.decoder = (
        pre_tokenizers.Sequence([digits, bytes_]),
        decoders.ByteLevel(),
    )
    return tokenizer


@pytest.mark.parametrize("characters", [PLAIN, WIDE], ids=["plain", "wide"])
def test_drawn_texts_have_the_ids_of_tokenizers_and_come_back(ours, theirs, characters):
    draw = random.Random(0)
    characters = [c for c in characters if c not in LOST]
    for _ in range(1000):
        text = "".join(draw.choices(characters, k=draw.randrange(30)))
        ids = ours.encode(text)
        assert ids == theirs.encode(text).ids, repr(text)
        assert ours.decode(ids) == text


def test_bytes_without_a_token_are_lost(ours, theirs):
    for text in (LOST, f"a{LOST}b", "\U00040000"):
        assert ours.encode(text) == theirs.encode(text).ids
    assert ours.decode(ours.encode(f"a{LOST}b")) == "ab"


def test_a_special_is_plain_text_unless_it_is_allowed(ours):
    text = "<|im_start|>user"
    assert ours.encode(text, allow_specials=True) == [1, *ours.encode("user")]
    assert 1 not in ours.encode(text)
    assert ours.decode(ours.encode(text)) == ours.decode(ours.encode(text, allow_specials=True)) == text
    assert (len(ours), ours.end) == (49152, 2)


def test_a_chat_is_laid_out_as_the_template_of_the_file_says(ours, facts):
    from jinja2 import Environment

    template = Environment().from_string(facts["tokenizer.chat_template"])
    for question in ("What is the capital of France?", "Say 42!\n"):
        messages = [{"role": "user", "content": question}]
        text = template.render(messages=messages, add_generation_prompt=True)
        assert ours.chat(question) == ours.encode(text, allow_specials=True)
    assert ours.chat("<|im_end|>").count(ours.end) == ours.chat("Hello!").count(ours.end) == 2


def test_an_id_outside_the_vocabulary_is_refused(ours):
    with pytest.raises(KeyError, match="49152"):
        ours.decode([49152])


@pytest.mark.parametrize("text", ["", "7", "a7", "77", "½x²", "no digit"])
def test_digits_stand_alone_and_nothing_is_lost(text):
    pieces = list(single_digits(text))
    assert "".join(pieces) == text
    assert all(len(piece) == 1 or not any(map(str.isnumeric, piece)) for piece in pieces)
