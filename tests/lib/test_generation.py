"""generate_batch against transformers' generate, with and without cache, whose Llama runs here on our cache."""

from functools import partial

import pytest
import torch
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from lib.decoding import Decoding, draw, filtered
from lib.generation import extend, generate_batch, left_mask, left_pad, left_positions
from tests.lib.cached_decoder import CachedDecoder

PAD, V = 5, 29
PROMPTS = [[3, 1, 4, 1, 5], [9], [2, 6, 5], [5, 5]]  # PAD is a real token, too


class OnOurCache(DynamicCache):
    """What transformers' attention layers write to, with our cache behind it."""

    def __init__(self, cache):
        super().__init__()
        self.cache = cache

    def update(self, k, v, layer, *_, **__):
        return self.cache.append(layer, k, v)


class Llama:
    """transformers' Llama by our protocol."""

    n_layers, context = 2, 64

    def __init__(self):
        torch.manual_seed(2)
        sizes = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2}
        heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
        self.model = LlamaForCausalLM(
            LlamaConfig(vocab_size=V, **sizes, **heads, initializer_range=0.5, eos_token_id=None)
        ).eval()
        self.read = 0

    def __call__(self, tokens, cache=None, positions=None, mask=None):
        self.read += tokens.shape[1]
        return self.model(
            tokens, past_key_values=OnOurCache(cache), position_ids=positions, attention_mask=mask
        ).logits


def theirs(model, prompts, new, **options):
    """Return what transformers generates for all prompts at once, padded on the left."""
    tokens, lengths = left_pad(prompts, PAD)
    real = torch.arange(tokens.shape[1]) >= tokens.shape[1] - lengths[:, None]
    made = model.model.generate(
        tokens,
        attention_mask=real.long(),
        max_new_tokens=new,
        do_sample=False,
        pad_token_id=PAD,
        **options,
    )
    return made[:, tokens.shape[1] :].tolist()


@pytest.mark.parametrize("use_cache", [True, False])
def test_the_tokens_are_those_of_transformers(use_cache):
    model = Llama()
    assert generate_batch(model, PROMPTS, 12, pad=PAD) == theirs(model, PROMPTS, 12, use_cache=use_cache)


def test_rows_stop_where_those_of_transformers_stop():
    model = Llama()
    free = generate_batch(model, PROMPTS, 12, pad=PAD)
    stop = {free[0][2], free[2][5]}
    ours = generate_batch(model, PROMPTS, 12, pad=PAD, stop=stop)
    assert len({len(reply) for reply in ours}) > 1
    for reply, row in zip(ours, theirs(model, PROMPTS, 12, eos_token_id=list(stop)), strict=True):
        assert row[: len(reply)] == reply
        assert len(reply) == 12 or row[len(reply)] in stop


def test_each_token_is_read_once():
    model = Llama()
    generate_batch(model, PROMPTS, 12, pad=PAD)
    assert model.read == 5 + 11  # the last new token is not read


@pytest.mark.parametrize("seed", range(4))
def test_together_the_texts_are_those_of_each_alone(seed):
    model = CachedDecoder(seed=seed)
    together = generate_batch(model, PROMPTS, 8, pad=PAD)
    assert together == [generate_batch(model, [prompt], 8, pad=PAD)[0] for prompt in PROMPTS]


def test_one_text_is_the_one_that_reading_all_again_gives():
    model, tokens = CachedDecoder(), [3, 1, 4]
    for _ in range(6):
        tokens.append(int(model(torch.tensor([tokens]))[0, -1].argmax()))
    assert generate_batch(model, [[3, 1, 4]], 6, pad=0) == [tokens[3:]]


def counting():
    """Return a model whose next token is one more than the last; by itself it reads no position and no mask."""

    class Counting:
        n_layers, context = 1, 1000

        def __call__(self, tokens, cache=None, positions=None, mask=None):
            cache.append(0, *[torch.zeros(len(tokens), 1, tokens.shape[1], 1)] * 2)
            return torch.nn.functional.one_hot((tokens + 1) % V, V).float()

    return Counting()


def test_rows_end_each_at_its_own_stop_token_which_is_not_returned():
    made = generate_batch(counting(), [[1], [0, 1, 2], [3], [8]], 5, pad=0, stop={4, 11})
    assert made == [[2, 3], [3], [], [9, 10]]
    assert generate_batch(counting(), [[1]], 3, pad=4) == [[2, 3, 4]]
    assert generate_batch(counting(), [[1], [2]], 0, pad=4) == [[], []]


def test_another_choice_is_taken():
    last = generate_batch(counting(), [[1], [2, 3]], 3, pad=0, choose=lambda logits: logits.argmin(-1))
    assert last == [[0, 0, 0], [0, 0, 0]]
    shapes = set()

    def choose(logits):
        shapes.add(tuple(logits.shape))
        settings = Decoding(temperature=0.7, top_k=5)
        none = torch.zeros(len(logits), 0, dtype=torch.int64)
        return draw(filtered(logits, none, settings), torch.Generator().manual_seed(1))

    drawn = partial(generate_batch, CachedDecoder(), PROMPTS, 5, pad=PAD, choose=choose)
    assert drawn() == drawn()
    assert shapes == {(4, 31)}


def test_left_pad_by_hand():
    tokens, lengths = left_pad([[7, 8], [1, 2, 3, 4]], pad=9)
    assert (tokens.tolist(), lengths.tolist()) == ([[9, 9, 7, 8], [1, 2, 3, 4]], [2, 4])
    tokens, lengths = left_pad([[7]], pad=9)
    assert (tokens.tolist(), tokens.dtype) == ([[7]], torch.int64)


def test_left_positions_are_those_of_transformers():
    lengths = torch.tensor([2, 4, 1, 6])
    real = (torch.arange(6) >= 6 - lengths[:, None]).long()
    counted = (real.cumsum(dim=-1) - 1).clamp(min=0)  # how its generate takes them from the attention mask
    assert torch.equal(left_positions(lengths, 6), counted)


def test_left_mask_by_hand():
    by_hand = [
        [[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1]],
        [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1] * 4],
    ]
    assert left_mask(torch.tensor([2, 3]), T0=3, T=4, S=4)[:, 0].int().tolist() == by_hand
    later = left_mask(torch.tensor([2, 3]), T0=3, T=2, S=5)[:, 0].int().tolist()
    assert later == [[[0, 1, 1, 1, 0], [0, 1, 1, 1, 1]], [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]]


def test_extend_leaves_rows_that_have_ended_alone():
    replies, ended = [[], [1], [2]], [False, True, False]
    extend(replies, ended, [5, 6, 7], stop={7})
    assert (replies, ended) == ([[5], [1], [2]], [False, True, True])


def test_bad_input_is_refused():
    model = CachedDecoder(context=8)
    generate = partial(generate_batch, model, pad=0)
    with pytest.raises(ValueError, match="prompts are empty"):
        generate([], 3)
    with pytest.raises(ValueError, match=r"prompts\[1\] is empty"):
        generate([[1], []], 3)
    with pytest.raises(ValueError, match="max_new_tokens=-1 must not be negative"):
        generate([[1]], -1)
    with pytest.raises(ValueError, match=r"a prompt of 9 tokens and 0 new ones do not fit .* context=8"):
        generate([[1] * 9], 0)
    with pytest.raises(ValueError, match=r"a prompt of 5 tokens and 5 new ones do not fit .* context=8"):
        generate([[1] * 5], 5)
    assert len(generate([[1] * 5], 4)[0]) == 4
    for lengths in ([0, 1], [1, 4]):
        with pytest.raises(ValueError, match=r"must be from 1 to 3"):
            left_positions(torch.tensor(lengths), 3)
        with pytest.raises(ValueError, match=r"must be from 1 to 3"):
            left_mask(torch.tensor(lengths), 3, 1, 4)
    with pytest.raises(ValueError, match="S=3 keys cannot hold T=4 queries"):
        left_mask(torch.tensor([1]), 1, 4, 3)
