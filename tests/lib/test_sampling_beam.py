"""beam_search against all continuations written out (itertools.product) and against transformers' own.

The models are tables and a small GPT-2 with drawn weights, so no two hypotheses score the same.
"""

import itertools
import math

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from lib.beam import beam_search

START = torch.tensor([1, 0, 2])


def table_model(V=3, seed=0, spread=1.5):
    """Return step, P(next | position, last two tokens), and the table it reads.

    Without the position, two texts with the same transitions in another order would score the same.
    """
    draw = torch.Generator().manual_seed(seed)
    table = torch.randn(20, V, V, V, generator=draw, dtype=torch.float64).mul(spread).log_softmax(dim=-1)
    return lambda tokens: table[tokens.shape[1], tokens[:, -2], tokens[:, -1]], table


def total(table, text):
    """Return the log-probability of the new tokens of a text, added up one by one."""
    return sum(table[i, text[i - 2], text[i - 1], text[i]].item() for i in range(len(START), len(text)))


def exhaustive(table, start, length, eos=None, length_penalty=0.0):
    """Return every hypothesis with its score, the best first."""
    found = {}
    for new in itertools.product(range(table.shape[-1]), repeat=length):
        new = new[: new.index(eos) + 1] if eos in new else new
        found[new] = total(table, [*start.tolist(), *new]) / len(new) ** length_penalty
    return sorted(found.items(), key=lambda pair: -pair[1])


@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("eos", [None, 0, 2])
@pytest.mark.parametrize(("V", "length"), [(2, 5), (3, 4), (4, 3), (5, 1)])
def test_a_beam_as_wide_as_the_tree_finds_every_hypothesis_in_order(V, length, eos, length_penalty):
    step, table = table_model(V, seed=V)
    eos, start = (None if eos is None else min(eos, V - 1)), START.clamp(max=V - 1)
    found = beam_search(step, start, V**length, length, eos, length_penalty)
    want = exhaustive(table, start, length, eos, length_penalty)
    assert [tuple(new) for new, _ in found] == [new for new, _ in want]
    assert [score for _, score in found] == pytest.approx([score for _, score in want], rel=1e-12)


@pytest.mark.parametrize("eos", [None, 1])
@pytest.mark.parametrize("seed", range(10))
def test_width_one_is_the_greedy_choice(seed, eos):
    step, table = table_model(V=5, seed=seed)
    text = START.tolist()
    while len(text) < len(START) + 8 and not (len(text) > len(START) and text[-1] == eos):
        text.append(int(table[len(text), text[-2], text[-1]].argmax()))
    [(new, score)] = beam_search(step, START, width=1, length=8, eos=eos)
    assert new == text[len(START) :]
    assert score == pytest.approx(total(table, text), rel=1e-12)


@pytest.mark.parametrize("length_penalty", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("width", [1, 2, 4, 7])
def test_without_an_end_the_beam_is_that_of_transformers(width, length_penalty):
    torch.manual_seed(0)
    sizes = {"vocab_size": 23, "n_positions": 16, "n_embd": 16, "n_layer": 1, "n_head": 2}
    model = GPT2LMHeadModel(GPT2Config(**sizes, initializer_range=0.6, eos_token_id=None)).eval()
    theirs = model.generate(
        START[None],
        attention_mask=torch.ones(1, 3, dtype=torch.int64),
        num_beams=width,
        num_return_sequences=width,
        do_sample=False,
        max_new_tokens=6,
        length_penalty=length_penalty,
        pad_token_id=0,
        eos_token_id=None,
        return_dict_in_generate=True,
        output_scores=True,
    )
    with torch.no_grad():
        ours = beam_search(
            lambda tokens: model(tokens).logits[:, -1].log_softmax(dim=-1),
            START,
            width,
            6,
            None,
            length_penalty,
        )
    assert [new for new, _ in ours] == theirs.sequences[:, 3:].tolist()
    if width > 1:  # for one beam transformers searches greedily and gives no scores of sequences
        scores = torch.tensor([score for _, score in ours])
        torch.testing.assert_close(scores, theirs.sequences_scores, rtol=1e-5, atol=1e-5)


def test_greedy_search_misses_what_a_beam_finds():
    missed = 0
    for seed in range(10):
        step, table = table_model(V=4, seed=seed)
        greedy, wide, all_of_them = (beam_search(step, START, width, 5)[0][1] for width in (1, 16, 4**5))
        assert all_of_them == pytest.approx(exhaustive(table, START, 5)[0][1], rel=1e-12)
        assert greedy <= all_of_them >= wide
        missed += greedy < wide - 1e-9
    assert missed >= 2  # of these ten tables


def test_a_hypothesis_that_ended_is_kept_and_leaves_its_place():
    """By hand. Token 0 ends. Step 1: 0 (0.5), 1 (0.3), 2 (0.2); width 2 keeps [0], which waits, and [1].

    Step 2 has two places for the children of [1] alone: [1, 2] (0.3 * 0.7) and [1, 1] (0.3 * 0.2).
    """
    table = torch.tensor([[1.0, 0.0, 0.0], [0.1, 0.2, 0.7], [0.5, 0.3, 0.2]], dtype=torch.float64)
    seen = []

    def step(tokens):
        seen.append(tokens.tolist())
        return (table if len(seen) > 1 else table.roll(1, dims=0))[tokens[:, -1]].log()

    # At the first step the last token, 0, reads the row 0.5, 0.3, 0.2.
    found = beam_search(step, torch.tensor([0]), width=2, length=2, eos=0)
    assert seen == [[[0]], [[0, 1]]]
    assert [(new, round(math.exp(score), 6)) for new, score in found] == [([0], 0.5), ([1, 2], 0.21)]


def test_the_search_stops_when_every_hypothesis_has_ended():
    calls = []

    def step(tokens):
        calls.append(len(tokens))
        return torch.tensor([0.9, 0.1]).log().expand(len(tokens), 2)

    found = beam_search(step, torch.tensor([1]), width=1, length=50, eos=0)
    assert calls == [1]
    assert [new for new, _ in found] == [[0]]


def test_a_length_penalty_can_prefer_the_longer():
    """0.5 after one token against 0.5 * 0.6: as sums the short one wins, per token the long one."""
    table = torch.tensor([[1.0, 0.0], [0.4, 0.6], [0.5, 0.5]], dtype=torch.float64).log()
    step = lambda tokens: table[tokens[:, -1]]  # noqa: E731
    short, long = (
        beam_search(step, torch.tensor([2]), 4, 2, eos=0, length_penalty=alpha)[0] for alpha in (0, 1)
    )
    assert short == ([0], pytest.approx(math.log(0.5)))
    assert long == ([1, 1], pytest.approx(math.log(0.3) / 2))


def test_what_has_probability_zero_is_dropped_even_where_there_is_room():
    table = torch.tensor([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]).log()
    found = beam_search(lambda tokens: table[tokens[:, -1]], torch.tensor([0]), width=27, length=3)
    assert sorted(new for new, _ in found) == [[1, 0, 1], [1, 2, 2]]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_log_probabilities_of_any_dtype_are_summed_in_double_precision(dtype):
    """1000 steps of -1/8 after a first of -1: in half precision the sum would stick long before -126."""
    first, later = torch.tensor([[-1.0, -30.0]], dtype=dtype), torch.tensor([[-0.125, -30.0]], dtype=dtype)
    found = beam_search(lambda tokens: first if tokens.shape[1] == 1 else later, torch.tensor([0]), 1, 1001)
    assert found[0] == ([0] * 1001, -126.0)


def test_start_is_left_as_it_was_and_the_scores_are_plain_numbers():
    step, _ = table_model()
    start = START.clone()
    found = beam_search(step, start, 3, 2)
    assert torch.equal(start, START)
    assert [(type(new), type(new[0]), type(score)) for new, score in found] == [(list, int, float)] * 3


@pytest.mark.parametrize(("width", "length"), [(0, 3), (-1, 3), (3, 0), (3, -2)])
def test_a_beam_without_width_or_length_is_refused(width, length):
    with pytest.raises(ValueError, match=rf"width={width} and length={length} must both be at least 1"):
        beam_search(table_model()[0], START, width, length)
