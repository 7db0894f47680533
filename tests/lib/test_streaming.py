"""A stream says what generate_batch generates, ends for a reason, and frees what it held when it is closed."""

import gc
import weakref

import pytest
import torch

from lib.decoding import Decoding
from lib.generation import generate_batch
from lib.streaming import Piece, new_tokens, stream
from tests.lib.cached_decoder import CachedDecoder

GREEDY = Decoding(temperature=0)
PROMPT = [3, 1, 4]
LETTERS = "abcdefghijklmnopqrstuvwxyz01234"


def letters(ids):
    return "".join(LETTERS[i] for i in ids)


def pieces(new=8, model=None, **options):
    return list(
        stream(model or CachedDecoder(), PROMPT, new, decode=letters, **{"decoding": GREEDY, **options})
    )


def text(said):
    return "".join(piece.text for piece in said)


WHOLE = generate_batch(CachedDecoder(), [PROMPT], 8, pad=0)[0]


def test_the_text_is_that_of_the_batch_and_says_that_the_limit_ended_it():
    said = pieces()
    assert (text(said), said[-1].finish_reason, said[-1].new_tokens) == (letters(WHOLE), "length", 8)
    assert [piece.finish_reason for piece in said[:-1]] == [None] * 8
    assert [piece.text for piece in said[:8]] == list(letters(WHOLE))


def test_each_token_is_read_once_and_the_last_not_at_all():
    model = CachedDecoder()
    pieces(model=model)
    assert model.read == 3 + 7


@pytest.mark.parametrize("option", ["stop", "eos", "stops"])
def test_it_ends_before_what_stops_it(option):
    place = next(i for i, token in enumerate(WHOLE) if token not in WHOLE[:i] and i > 1)
    token = WHOLE[place]
    options = {
        "stop": {"stop": {token, 30}},
        "eos": {"decoding": Decoding(temperature=0, eos=token)},
        "stops": {"stops": [letters([token])]},
    }[option]
    said = pieces(**options)
    assert text(said) == letters(WHOLE[:place])
    assert said[-1] == Piece("", place + 1, "stop")


def test_a_stop_string_that_never_comes_ends_at_the_limit_and_nothing_is_lost():
    said = pieces(stops=[letters(WHOLE[-1:]) + "?"])
    assert (text(said), said[-1].finish_reason) == (letters(WHOLE), "length")


def test_drawn_tokens_follow_the_settings_and_the_generator():
    def drawn(seed):
        settings = Decoding(temperature=1.5, top_k=9, penalty=1.2)
        generator = torch.Generator().manual_seed(seed)
        return text(pieces(decoding=settings, generator=generator))

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(4)}) > 1


def test_closed_it_computes_no_more_and_frees_its_cache():
    model, alive = CachedDecoder(), []
    forward = model.forward

    def watched(tokens, cache=None, **others):
        alive.append(weakref.ref(cache))
        return forward(tokens, cache=cache, **others)

    model.forward = watched
    said = stream(model, PROMPT, 50, decode=letters)
    assert not alive  # nothing is computed before it is asked for
    next(said)
    gc.disable()
    try:
        assert alive[0]() is not None
        said.close()
        assert alive[0]() is None
    finally:
        gc.enable()
    assert list(said) == []
    assert len(alive) == 1


def test_without_new_tokens_it_says_so():
    assert pieces(new=0) == [Piece("", 0, "length")]


def test_tokens_without_an_end_are_those_of_the_batch():
    tokens = new_tokens(CachedDecoder(), PROMPT, GREEDY)
    assert [next(tokens) for _ in range(8)] == WHOLE


def test_bad_input_is_refused_before_anything_is_asked_for():
    model = CachedDecoder(context=8)
    with pytest.raises(ValueError, match="the prompt is empty"):
        stream(model, [], 3, decode=letters)
    with pytest.raises(ValueError, match="max_new_tokens=-1 must not be negative"):
        stream(model, PROMPT, -1, decode=letters)
    with pytest.raises(
        ValueError, match=r"a prompt of 9 tokens and 1 new ones do not fit the model's context=8"
    ):
        stream(model, [1] * 9, 1, decode=letters)
    with pytest.raises(ValueError, match="must be a list of texts"):
        stream(model, PROMPT, 3, decode=letters, stops="##")
    assert len(list(stream(model, [1] * 8, 1, decode=letters))) == 2
