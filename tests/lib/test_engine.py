"""Whatever company a text has, and whenever it joins, the engine writes what the model writes for it alone."""

import random

import pytest
import torch

from lib.decoding import Decoding, generate
from lib.engine import Continuation, Engine, joined
from lib.kv_cache import KVCache
from tests.lib.cached_decoder import CachedDecoder

V, CONTEXT = 40, 64


@pytest.fixture(scope="module")
def model():
    return CachedDecoder(V, context=CONTEXT, seed=3)


def alone(model, text):
    """Return what lib.decoding's loop makes of a text, which reads all of it again for each token."""
    tokens = generate(
        model, torch.tensor([text.prompt]), text.max_new_tokens, Decoding(temperature=0, eos=None)
    )
    new = tokens[0, len(text.prompt) :].tolist()
    ends = [i for i, token in enumerate(new) if token in text.stop]
    return (new[: ends[0]], "stop") if ends else (new, "length")


def drawn_texts(rng, n, **settings):
    return [
        Continuation([rng.randrange(V) for _ in range(rng.randint(1, 12))], rng.randint(2, 12), **settings)
        for _ in range(n)
    ]


def run(engine, texts=(), rng=None):
    """Step until nothing is left to do; texts come one by one, at drawn moments."""
    coming = list(texts)
    while coming or engine.busy:
        while coming and (rng is None or rng.random() < 0.4):
            engine.add(coming.pop(0))
        engine.step()


@pytest.mark.parametrize(
    ("slots", "piece", "rotary"), [(1, 64, True), (2, 5, True), (3, 1, True), (8, 4, True), (3, 4, False)]
)
def test_texts_that_come_and_go_are_as_if_each_were_alone(slots, piece, rotary):
    rng, model = random.Random(slots), CachedDecoder(V, context=CONTEXT, seed=3, rotary=rotary)
    texts = drawn_texts(rng, 8)
    for text in texts[::2]:
        text.stop = frozenset({rng.choice(alone(model, text)[0])})
    run(Engine(model, slots, piece=piece), texts, rng)
    assert [(text.new, text.reason) for text in texts] == [alone(model, text) for text in texts]
    assert [text.reason for text in texts] == ["stop", "length"] * 4
    assert len({token for text in texts for token in text.new}) > 10, "texts that can be told apart"


def test_what_is_removed_leaves_no_trace_in_the_others(model):
    rng = random.Random(5)
    texts = drawn_texts(rng, 10)
    engine, removed = Engine(model, 3, piece=3), []
    for text in texts:
        engine.add(text)
    while engine.busy:
        engine.step()
        there = [*engine.rows, *engine.waiting]
        if there and rng.random() < 0.2:
            removed.append(rng.choice(there))
            engine.remove(removed[-1])
    assert 1 < len(removed) < 9
    for text in texts:
        new, reason = alone(model, text)
        assert (text.new, text.reason) == (
            (new, reason) if text not in removed else (new[: len(text.new)], None)
        )


def test_a_prompt_that_is_removed_half_read_is_not_the_beginning_of_the_next(model):
    engine, (first, second) = Engine(model, 1, piece=4), drawn_texts(random.Random(1), 2)
    first.prompt, second.prompt = list(range(10)), list(range(20, 35))
    engine.add(first)
    engine.step()
    assert engine.prompt_cache.length == 4
    engine.remove(first)
    assert not engine.busy
    run(engine, [second])
    assert (first.new, second.new) == ([], alone(model, second)[0])


def test_removing_what_is_not_there_changes_nothing(model):
    engine, (first, second) = Engine(model, 2), drawn_texts(random.Random(2), 2)
    engine.add(first)
    engine.step()
    engine.remove(second)
    assert engine.rows == [first] or first.reason


def test_no_more_run_than_there_are_slots_and_who_came_first_goes_first(model):
    texts = [Continuation([5], 4) for _ in range(5)]
    engine = Engine(model, 2)
    for text in texts:
        engine.add(text)
    began = []
    while engine.busy:
        began += [text for text in engine.step() if len(text.new) == 1]
        assert len(engine.rows) <= 2
    assert began == texts


def test_a_slot_that_is_free_is_taken_while_the_others_go_on(model):
    short, long, next_one = Continuation([1], 2), Continuation([2], 12), Continuation([3], 2)
    engine = Engine(model, 2)
    for text in (short, long, next_one):
        engine.add(text)
    while next_one.reason is None:
        engine.step()
    assert long.reason is None
    assert len(long.new) < 8


def test_a_long_prompt_stops_the_others_for_a_piece_at_a_time(model):
    running, long = Continuation([1], 30), Continuation(list(range(30)), 2)
    engine = Engine(model, 2, piece=4)
    engine.add(running)
    engine.step()
    engine.add(long)
    while not long.new:
        before = len(running.new)
        engine.step()
        assert len(running.new) == before + 1
    assert len(running.new) == 1 + 8  # eight pieces


def test_the_cache_is_no_longer_than_its_longest_row(model):
    long, short = Continuation(list(range(30)), 2), Continuation([1, 2], 20)
    engine = Engine(model, 2)
    engine.add(long)
    engine.add(short)
    for _ in range(5):
        engine.step()
    assert engine.rows == [short]
    assert engine.cache.length == len(short) - 1
    run(engine)
    assert (engine.cache.length, short.new) == (0, alone(model, short)[0])


def test_a_seed_gives_the_same_text_in_any_company(model):
    def text():
        warm = Decoding(temperature=1.5, top_p=0.9)
        return Continuation([1, 2, 3], 20, decoding=warm, generator=torch.Generator().manual_seed(7))

    by_itself, in_company = text(), text()
    run(Engine(model), [by_itself])
    others = drawn_texts(random.Random(3), 4, decoding=Decoding(), generator=torch.Generator().manual_seed(1))
    run(Engine(model, 5), [others[0], in_company, *others[1:]], random.Random(3))
    assert by_itself.new == in_company.new
    assert by_itself.new != alone(model, by_itself)[0]


def test_the_penalty_reads_prompt_and_answer():
    text = Continuation([1], 3, decoding=Decoding(temperature=0, penalty=10.0))
    logits = torch.zeros(V)
    logits[1], logits[2], logits[3], logits[4] = 9.0, 8.0, 7.0, 6.0
    for _ in range(3):
        text.extend(logits)
    assert text.new == [2, 3, 4]


def test_joined_pads_and_cuts_on_the_left_alone():
    rng = torch.Generator().manual_seed(0)
    caches = []
    for B, S in ((1, 2), (3, 5)):
        cache = KVCache(2)
        for layer in range(2):
            cache.append(layer, *torch.rand(2, B, 2, S, 4, generator=rng))
        caches.append(cache)
    for length in (2, 4, 5, 7):
        both = joined(caches, length)
        assert both.lengths == [length] * 2
        for layer in range(2):
            for kind in ("keys", "values"):
                got = getattr(both, kind)[layer][:, :, :length]
                short, long = (getattr(cache, kind)[layer][:, :, : cache.length] for cache in caches)
                pad = torch.zeros(1, 2, 10, 4), torch.zeros(3, 2, 10, 4)
                want = torch.cat(
                    [torch.cat(pair, dim=2)[:, :, -length:] for pair in zip(pad, (short, long), strict=True)]
                )
                assert torch.equal(got, want)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda model: Continuation([], 1), "prompt is empty"),
        (lambda model: Continuation([1], 0), "max_new_tokens=0 must be at least 1"),
        (lambda model: Engine(model, 0), "slots=0 must be at least 1"),
        (lambda model: Engine(model, 1, piece=0), "piece=0 must be at least 1"),
        (lambda model: Engine(model).add(Continuation([1] * 60, 6)), "60 tokens and 6 new ones do not fit"),
    ],
)
def test_bad_input_is_refused(model, make, message):
    with pytest.raises(ValueError, match=message):
        make(model)


def test_a_text_that_fills_the_context_to_the_last_place_is_taken(model):
    text = Continuation([1] * 60, 5)
    run(Engine(model), [text])
    assert text.new == alone(model, text)[0]
