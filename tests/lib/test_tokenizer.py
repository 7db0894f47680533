"""Encoding and decoding: a round trip as a property, merges by hand, streams cut anywhere, bad input."""

import json
import tracemalloc

import pytest

from lib.corpora import shakespeare, three_kingdoms
from lib.pretokens import pretokens
from lib.tokenizer import CACHED, Tokenizer, characters, train_bpe, words
from tests.support.drawn_texts import cut, drawn_texts

SPECIALS = ["<|end|>", "<|a|>", "<|a|><|a|>"]


@pytest.fixture(scope="module")
def trained():
    """A tokenizer that knows some English and some Chinese."""
    text = shakespeare()["macbeth"][:40_000] + three_kingdoms()["001"] + "We'll we're we've 'll 're 've" * 9
    return Tokenizer(train_bpe(text, 700, SPECIALS), SPECIALS)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("allow_specials", [False, True])
def test_every_text_comes_back(trained, seed, allow_specials):
    for text in drawn_texts(200, seed):
        assert trained.decode(trained.encode(text, allow_specials)) == text


def test_characters_from_all_over_unicode_come_back(trained):
    text = "\n".join(map(chr, [*range(0, 0xD800, 7), *range(0xE000, 0x110000, 97)]))
    assert trained.decode(trained.encode(text)) == text


def test_each_id_has_the_bytes_that_it_stands_for(trained):
    assert len(trained) == len(trained.vocab) == 700
    assert trained.vocab[:256] == [bytes([byte]) for byte in range(256)]
    assert trained.vocab[-3:] == [special.encode() for special in SPECIALS]
    text = shakespeare()["macbeth"]
    assert b"".join(trained.vocab[i] for i in trained.encode(text)) == text.encode()


def test_the_order_of_the_merges_decides_and_not_the_longest_token():
    """bc was learned first, so it is merged first, although ab stands further left."""
    assert Tokenizer([(98, 99), (97, 98)]).encode("abc") == [97, 256]
    assert Tokenizer([(97, 98), (98, 99)]).encode("abc") == [256, 99]
    merges = [(101, 115), (256, 116), (108, 111), (258, 119), (32, 110), (32, 259)]
    assert Tokenizer(merges).encode("lowest") == [259, 257]


def test_merging_in_order_over_the_whole_piece_gives_the_same(trained):
    """Each merge in turn, everywhere: what the training did."""
    text = shakespeare()["hamlet"][:3000] + three_kingdoms()["002"][:300]
    want = []
    for piece in pretokens(text):
        tokens = [bytes([byte]) for byte in piece.encode()]
        for left, right in trained.merges:
            left, right = trained.vocab[left], trained.vocab[right]
            for i in range(len(tokens)):  # tokens gets shorter meanwhile
                if tokens[i : i + 2] == [left, right]:
                    tokens[i : i + 2] = [left + right]
        want += tokens
    assert [trained.vocab[i] for i in trained.encode(text)] == want


def test_the_text_of_a_special_is_plain_unless_it_is_allowed(trained):
    end, one, two = range(697, 700)
    text = "to<|end|>be<|a|><|a|><|a|>"
    assert max(trained.encode(text)) < end
    to, be = trained.encode("to"), trained.encode("be")
    assert trained.encode(text, allow_specials=True) == [*to, end, *be, two, one]
    assert trained.encode("<|end|>", allow_specials=True) == [end]
    assert trained.decode([end]) == "<|end|>"


def test_a_character_in_two_tokens_is_decoded_as_one():
    """识 is E8 AF 86. Alone its bytes are no text: each becomes U+FFFD."""
    tokenizer = Tokenizer([])
    assert tokenizer.encode("识") == [0xE8, 0xAF, 0x86]
    assert tokenizer.decode([0xE8, 0xAF, 0x86]) == "识"
    assert [tokenizer.decode([i]) for i in tokenizer.encode("识")] == ["\ufffd"] * 3
    assert tokenizer.decode([97, 0xE8, 98]) == "a\ufffdb"
    assert tokenizer.decode([]) == ""
    assert tokenizer.decode(iter([104, 105])) == "hi"


@pytest.mark.parametrize("seed", range(5))
def test_a_stream_gives_what_the_whole_text_gives_wherever_it_is_cut(trained, seed):
    for i, text in enumerate(drawn_texts(300, seed)):
        want = trained.encode(text)
        assert list(trained.encode_iterable(cut(text, seed=i))) == want
        assert list(trained.encode_iterable(text)) == want  # character by character
        assert list(trained.encode_iterable([text])) == want


def test_a_stream_is_read_only_as_far_as_it_is_asked(trained):
    def texts():
        yield "to be or"
        raise LookupError

    stream = trained.encode_iterable(texts())
    assert next(stream) == trained.encode("to")[0]
    with pytest.raises(LookupError):
        list(stream)


def peak(trained, copies):
    """Return the most memory in bytes that encoding a stream of so many lines needs."""
    tracemalloc.start()
    try:
        for _ in trained.encode_iterable(f"To be or not to be {i % 50} times?\n" for i in range(copies)):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_stream_needs_no_more_memory_when_it_is_longer(trained):
    peak(trained, 50)  # fills the cache
    assert peak(trained, 2000) < 1.1 * peak(trained, 500) + 2e4  # the ids alone would take 2e5 more


def test_the_cache_stays_small_and_changes_nothing(trained):
    fresh = Tokenizer(trained.merges, SPECIALS)
    text = " ".join(f"a{i}" for i in range(CACHED))
    first = fresh.encode(text)
    assert fresh.encode(text) == first == trained.encode(text)
    assert len(fresh._cache) <= CACHED


def test_a_tokenizer_is_saved_and_loaded(trained, tmp_path):
    path = tmp_path / "tokenizer.json"
    specials = [*SPECIALS, "<|终|>"]
    Tokenizer(trained.merges, specials).save(path)
    loaded = Tokenizer.load(str(path))
    assert loaded.merges == trained.merges
    assert loaded.specials == specials
    text = "We'll see 三国<|终|>"
    assert loaded.encode(text, allow_specials=True) == [*trained.encode("We'll see 三国"), 700]
    saved = json.loads(path.read_text("utf-8"))
    assert saved == {"merges": [list(pair) for pair in trained.merges], "specials": specials}


@pytest.mark.parametrize(
    ("merges", "specials", "message"),
    [
        ([(97, 256)], (), r"merges has \(97, 256\)"),
        ([(-1, 97)], (), r"merges has \(-1, 97\)"),
        ([(97, 98), (97, 98)], (), r"merges has \(97, 98\); each must be new"),
        ([], ["<a>", ""], "specials="),
        ([], ["<a>", "<a>"], "specials="),
    ],
)
def test_bad_merges_and_specials_are_refused(merges, specials, message):
    with pytest.raises(ValueError, match=message):
        Tokenizer(merges, specials)


@pytest.mark.parametrize("i", [-1, 257, 10**9])
def test_an_unknown_id_is_refused(i):
    with pytest.raises(ValueError, match=rf"ids has {i}, which is not in \[0, 257\)"):
        Tokenizer([(97, 98)]).decode([97, i])


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(ValueError, match="surrogates not allowed"):
        Tokenizer([]).encode("\ud83c")


def test_words_lose_the_spaces_and_characters_lose_nothing():
    assert words("I don't like 比萨 🍕.") == ["I", "don", "'", "t", "like", "比萨", "🍕", "."]
    assert words(" snake_case x2\n") == ["snake_case", "x2"]
    for text in drawn_texts(100, seed=0):
        assert "".join(characters(text)) == text
        assert all(len(character) == 1 for character in characters(text))
        assert "".join(words(text)) == "".join(text.split())
