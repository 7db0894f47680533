"""Training against Hugging Face's trainer, a naive one, and examples worked by hand.

Theirs numbers the signs of its alphabet in the order of their code points, and of equally frequent pairs it takes the
smallest. So each byte is given to it as one character, in the order of the bytes.
"""

import json
import random

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from lib import bpe
from lib.bpe import PairTable, merge, pair_counts, piece_counts, train_bpe
from lib.corpora import shakespeare, three_kingdoms
from lib.pretokens import pretokens
from tests.support.drawn_texts import drawn_texts
from tests.support.naive_bpe import train_naive

ALPHABET = [chr(0x4E00 + byte) for byte in range(256)]


def hugging_face(text, vocab_size):
    """Return the merges of `tokenizers`, in our ids."""
    model = Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=ALPHABET, show_progress=False, special_tokens=[]
    )
    pieces = ("".join(ALPHABET[byte] for byte in piece.encode()) for piece in pretokens(text))
    model.train_from_iterator([" ".join(pieces)], trainer)
    ids = model.get_vocab()
    return [(ids[left], ids[right]) for left, right in json.loads(model.to_str())["model"]["merges"]]


def few_letters(seed):
    """Return a text of few letters, so that there are repeats and ties."""
    draw = random.Random(seed)
    letters = "abc"[: draw.randint(1, 3)] + "é识"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(6)]
    return " ".join(draw.choices(words, k=30))


@pytest.mark.parametrize("seed", range(60))
def test_a_text_of_few_letters_teaches_what_it_teaches_others(seed):
    text = few_letters(seed)
    ours = train_bpe(text, 320)
    assert ours == train_naive(text, 320) == hugging_face(text, 320)


@pytest.mark.parametrize("seed", range(10))
def test_a_drawn_text_teaches_what_it_teaches_others(seed):
    text = "".join(drawn_texts(40, seed))
    assert train_bpe(text, 330) == train_naive(text, 330) == hugging_face(text, 330)


def test_a_play_and_a_chinese_chapter_teach_what_they_teach_others():
    for text in (shakespeare()["macbeth"], three_kingdoms()["001"] + three_kingdoms()["002"]):
        assert train_bpe(text, 1024) == hugging_face(text, 1024)


def test_worked_by_hand():
    """Sennrich's example: es before st, which is as frequent; of many pairs six times, space and n are the smallest."""
    text = "low low low low low lower lower" + " newest" * 6 + " widest" * 3
    merges = [(101, 115), (256, 116), (108, 111), (258, 119), (32, 110), (32, 259)]
    assert train_bpe(text, 262) == merges
    assert [train_bpe(text, 256 + k) for k in range(6)] == [merges[:k] for k in range(6)]


def test_training_ends_when_no_pair_is_left():
    assert train_bpe("", 300) == train_bpe("a b c", 257)[1:] == []
    assert train_bpe("abab", 10_000) == [(97, 98), (256, 256)]


def test_specials_separate_and_are_not_counted():
    text = "ab<|x|>ab<|x|><|x|>ab"
    assert train_bpe(text, 300, ["<|x|>"]) == [(97, 98)]
    assert train_bpe(text, 258, ["<|x|>"]) == [(97, 98)]
    assert train_bpe(text, 257, ["<|x|>"]) == []
    assert train_bpe("a<|x|>b", 300, ["<|x|>"]) == []
    assert piece_counts(" x<|a|><|a|> x", ["<|a|>", "<|a|><|a|>"]) == {" x": 2}


@pytest.mark.parametrize(
    ("size", "specials", "message"),
    [
        (255, (), r"vocab_size=255 must be at least 256"),
        (257, ["<a>", "<b>"], "vocab_size=257 must be at least 256 bytes and 2 specials"),
        (300, [""], r"specials=\[''\] must be"),
        (300, ["<a>", "<a>"], r"specials=\['<a>', '<a>'\] must be"),
        (300, "<a>", "specials='<a>' must be a list"),
    ],
)
def test_bad_sizes_and_specials_are_refused(size, specials, message):
    with pytest.raises(ValueError, match=message):
        train_bpe("abc", size, specials)


@pytest.mark.parametrize("seed", range(20))
def test_a_merge_is_what_replacing_text_does(seed):
    draw = random.Random(seed)
    for _ in range(50):
        ids = draw.choices([97, 98], k=draw.randint(0, 12))
        pair = (draw.choice([97, 98]), draw.choice([97, 98]))
        kept = list(ids)
        want = bytes(ids).replace(bytes(pair), b"X")
        assert merge(ids, pair, 88) == list(want)
        assert ids == kept


def test_pairs_are_counted_where_they_overlap_and_times_their_piece():
    assert pair_counts({}) == pair_counts({(): 3, (97,): 2}) == {}
    assert pair_counts({(97, 97, 97): 2, (97, 98): 3}) == {(97, 97): 4, (97, 98): 3}


@pytest.mark.parametrize("seed", range(10))
def test_the_table_always_has_the_counts_that_counting_anew_gives(seed):
    pieces = piece_counts(few_letters(seed))
    table = PairTable(pieces)
    for new in range(256, 275):
        now = dict(zip(map(tuple, table.pieces), table.times, strict=True))
        assert {pair: count for pair, count in table.counts.items() if count} == pair_counts(now)
        pair = table.best()
        if pair is None:
            break
        table.merge(pair, new)


def test_a_merge_looks_only_at_the_pieces_that_hold_the_pair(monkeypatch):
    looked_at = []
    monkeypatch.setattr(bpe, "merge", lambda ids, *pair: looked_at.append(ids) or merge(ids, *pair))
    table = PairTable({"abc": 2, "xyz": 3, "zab": 1, "ba": 7})
    table.merge((97, 98), 256)
    assert looked_at == [list(b"abc"), list(b"zab")]
