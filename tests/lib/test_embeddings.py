"""Rows for tokens against torch's own, pairs against plain loops, the loss of word2vec."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lib import embeddings
from lib.embeddings import Embedding, one_hot, skipgram_pairs

close = torch.testing.assert_close
WHOLE = [torch.int8, torch.int16, torch.int32, torch.int64]


def generator(seed):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 4), (0,), (3, 0)])
@pytest.mark.parametrize("dtype", WHOLE)
def test_one_hot_and_lookup_are_torchs(shape, dtype):
    ids = torch.randint(7, shape, generator=generator(1))
    close(one_hot(ids.to(dtype), 7), F.one_hot(ids, 7).float(), rtol=0, atol=0)
    ours, theirs = Embedding(7, 3), nn.Embedding(7, 3)
    theirs.load_state_dict(ours.state_dict())
    upstream = torch.randn(*shape, 3, generator=generator(2))
    for table, asked in ((ours, ids.to(dtype)), (theirs, ids)):
        (table(asked) * upstream).sum().backward()
    close(ours(ids.to(dtype)), theirs(ids), rtol=0, atol=0)
    close(ours.weight.grad, theirs.weight.grad)


def test_a_lookup_is_a_product_with_one_hot_rows_and_a_repeated_row_gets_the_sum():
    table, ids = Embedding(5, 2), torch.tensor([3, 1, 3])
    close(table(ids), one_hot(ids, 5) @ table.weight, rtol=0, atol=0)
    (gradient,) = torch.autograd.grad(table(ids).sum(), table.weight)
    assert gradient.tolist() == [[0, 0], [1, 1], [0, 0], [2, 2], [0, 0]]


def test_a_table_begins_as_draws_of_variance_1_and_keeps_its_dtype():
    """A sixth standard deviation: a right program fails once in 10⁸ draws."""
    weight = Embedding(400, 100).weight.detach()
    assert abs(weight.mean()) < 6 / 200
    assert abs(weight.var() - 1) < 6 * math.sqrt(2) / 200
    assert Embedding(4, 2).bfloat16()(torch.tensor([1])).dtype == torch.bfloat16


@pytest.mark.parametrize("bad", [-1, 4, 2**40])
def test_ids_outside_the_table_are_refused(bad):
    for ask in (lambda ids: one_hot(ids, 4), Embedding(4, 2), lambda ids: embeddings.cooccurrence(ids, 4, 1)):
        with pytest.raises(ValueError, match=f"ids has {bad}; an id must lie from 0 to 3"):
            ask(torch.tensor([0, bad]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bool, torch.complex64])
def test_ids_that_are_no_whole_numbers_are_refused(dtype):
    with pytest.raises(ValueError, match=f"ids are {dtype}; they must be whole numbers"):
        one_hot.__wrapped__(torch.zeros(2, dtype=dtype), 4)


def pairs_by_loops(ids, window):
    places = range(len(ids))
    return [[ids[i], ids[j]] for i in places for j in places if 0 < abs(i - j) <= window]


@pytest.mark.parametrize("N", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("window", [1, 2, 3, 10**12])
def test_pairs_are_those_of_two_loops(N, window):
    ids = torch.randint(3, (N,), generator=generator(N))
    pairs = skipgram_pairs(ids, window)
    assert pairs.dtype == torch.int64
    assert pairs.shape == (pairs.numel() // 2, 2)
    assert pairs.tolist() == pairs_by_loops(ids.tolist(), window)


def test_a_long_text_has_as_many_pairs_as_the_formula_says_and_no_table_of_all_pairs():
    ids = torch.arange(10)
    assert len(skipgram_pairs(ids, 3)) == 48 == 2 * 3 * 10 - 3 * 4
    assert len(skipgram_pairs(torch.zeros(100_000, dtype=torch.int32), 5)) == 10 * 100_000 - 30


def test_no_window_is_refused():
    for ask in (
        lambda window: skipgram_pairs(torch.arange(3), window),
        lambda window: embeddings.cooccurrence(torch.arange(3), 3, window),
    ):
        with pytest.raises(ValueError, match="window=0 must be at least 1"):
            ask(0)


@pytest.mark.parametrize("power", [0.0, 0.5, 0.75, 1.0, 2.0])
def test_noise_has_numpys_probabilities(power):
    counts = np.array([4, 0, 1, 10**9, 7])
    weights = np.where(counts > 0, counts.astype(float) ** power, 0)
    for given in (torch.tensor(counts), torch.tensor(counts, dtype=torch.float32)):
        probs = embeddings.noise_probs(given, power)
        assert probs.dtype == torch.float32
        close(probs, torch.tensor(weights / weights.sum()).float())
    assert probs[1] == 0


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="counts has -2; a count must be at least 0"):
        embeddings.noise_probs(torch.tensor([3, -2]))
    with pytest.raises(ValueError, match="counts are all 0"):
        embeddings.noise_probs(torch.zeros(3))
    zero = torch.zeros(1, 1)
    for bad in (-1.0, math.nan):
        with pytest.raises(ValueError, match=f"counts has {bad}; a count must be at least 0"):
            embeddings.glove_loss(zero, zero, zero[0], zero[0], zero + bad)


def draw_pairs(dtype=torch.float64, scale=1.0, B=3, M=5, D=4):
    shapes = (B, D), (B, D), (B, M, D)
    numbers = [scale * torch.randn(shape, dtype=dtype, generator=generator(B + M)) for shape in shapes]
    return [x.requires_grad_() for x in numbers]


def torchs_loss(centre, context, negatives):
    """Binary cross-entropy of all dot products, true pairs labelled 1, summed over a pair's row."""
    others = torch.cat([context.unsqueeze(1), negatives], dim=1)
    logits = torch.einsum("bd,bmd->bm", centre, others)
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="none").sum(1).mean()


@pytest.mark.parametrize(("B", "M", "D"), [(1, 1, 1), (3, 5, 4), (2, 0, 3), (4, 1, 2)])
@pytest.mark.parametrize("scale", [0.0, 1.0, 100.0])
def test_negative_sampling_is_binary_cross_entropy(B, M, D, scale):
    given = draw_pairs(scale=scale, B=B, M=M, D=D)
    ours, theirs = embeddings.negative_sampling_loss(*given), torchs_loss(*given)
    close(ours, theirs)
    close(torch.autograd.grad(ours, given), torch.autograd.grad(theirs, given))


def test_negative_sampling_by_hand():
    def loss(dot, *noise):
        rows = torch.tensor([[dot], *([x] for x in noise)])
        return embeddings.negative_sampling_loss(torch.ones(1, 1), rows[:1], rows[None, 1:]).item()

    assert loss(math.log(3), -math.log(3), 0.0) == pytest.approx(math.log(32 / 9), rel=1e-6)
    assert loss(0.0, 0.0, 0.0, 0.0) == pytest.approx(4 * math.log(2), rel=1e-6)
    assert loss(-1e4, 1e4) == 2e4
    assert loss(1e4, -1e4) == 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_gives_float32(dtype):
    given = [x.detach().to(dtype) for x in draw_pairs(scale=30)]
    loss = embeddings.negative_sampling_loss(*given)
    assert loss.dtype == torch.float32
    close(loss, torchs_loss(*(x.float() for x in given)))


def test_no_pairs_have_no_mean():
    with pytest.raises(ValueError, match="B=0 pairs have no mean"):
        embeddings.negative_sampling_loss(torch.zeros(0, 2), torch.zeros(0, 2), torch.zeros(0, 3, 2))
