"""ALiBi's slopes as published and as transformers computes them for BLOOM and MPT; the bias against its definition
and, through the softmax, against theirs.

Every input is drawn from a fixed seed, so nothing here can fail by chance.
"""

import pytest
import torch
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor

from lib.attention import causal_mask
from lib.positions import alibi_bias, alibi_slopes


@pytest.mark.parametrize(
    ("n_heads", "exponents"),
    [
        (8, [1, 2, 3, 4, 5, 6, 7, 8]),  # published: 1/2, 1/4, ..., 1/256
        (16, [0.5 * h for h in range(1, 17)]),  # published: 1/2^0.5, 1/2, 1/2^1.5, ..., 1/2^8
        (1, [8]),
        (2, [4, 8]),
        (3, [4, 8, 2]),
        (5, [2, 4, 6, 8, 1]),
        (6, [2, 4, 6, 8, 1, 3]),
        (7, [2, 4, 6, 8, 1, 3, 5]),
        (12, [1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5]),
    ],
)
def test_the_slopes_are_the_published_ones(n_heads, exponents):
    want = torch.tensor([2.0**-e for e in exponents], dtype=torch.float64)
    got = alibi_slopes(n_heads)
    assert got.dtype == torch.float32
    torch.testing.assert_close(got.double(), want, rtol=2**-24, atol=0)


@pytest.mark.parametrize("n_heads", [*range(1, 34), 40, 71, 112, 128])
def test_the_slopes_are_those_of_bloom_and_mpt(n_heads):
    bloom = build_alibi_tensor(torch.ones(1, 2), n_heads, torch.float32)[:, 0, 1]  # slope times position 1
    mpt = -build_mpt_alibi_tensor(n_heads, 2)[:, 0, 0]  # one token back
    # They take powers in float32, the last one to the power of about 100.
    torch.testing.assert_close(alibi_slopes(n_heads), bloom, rtol=2e-5, atol=0)
    torch.testing.assert_close(alibi_slopes(n_heads), mpt, rtol=2e-5, atol=0)


@pytest.mark.parametrize(("n_heads", "T", "S"), [(4, 5, 5), (6, 3, 7), (1, 1, 9), (12, 1, 1), (3, 2, 3)])
def test_each_score_falls_by_the_slope_times_the_distance(n_heads, T, S):
    slopes = alibi_slopes(n_heads).tolist()
    want = [[[-m * abs(S - T + t - j) for j in range(S)] for t in range(T)] for m in slopes]
    got = alibi_bias(n_heads, T, S)
    assert got.dtype == torch.float32
    assert got.shape == (n_heads, T, S)
    torch.testing.assert_close(got, torch.tensor(want), rtol=2**-23, atol=0)


@pytest.mark.parametrize(("n_heads", "T", "S"), [(8, 6, 6), (6, 2, 9), (12, 1, 5)])
def test_with_a_causal_mask_the_weights_are_those_of_bloom(n_heads, T, S):
    """Bloom adds slope times j, which is ours plus slope times i: the same for a whole row, so the same softmax."""
    drawn = torch.randn(2, n_heads, T, S, generator=torch.Generator().manual_seed(0))
    theirs = build_alibi_tensor(torch.ones(1, S), n_heads, torch.float32)[None]
    weights = [
        (drawn + bias).masked_fill(~causal_mask(T, S), -torch.inf).softmax(dim=-1)
        for bias in (alibi_bias(n_heads, T, S), theirs)
    ]
    torch.testing.assert_close(*weights, rtol=1e-5, atol=1e-6)


def test_queries_that_continue_a_text_are_the_last_rows():
    assert torch.equal(alibi_bias(6, 3, 11), alibi_bias(6, 11, 11)[:, 8:])


def test_keys_after_the_query_fall_off_like_those_before_it_and_none_is_hidden():
    bias = alibi_bias(6, 9, 9)
    assert torch.equal(bias, bias.transpose(1, 2))
    assert (bias.diagonal(dim1=1, dim2=2) == 0).all()
    assert bias.isfinite().all()


def test_a_distance_of_100_000_is_exact():
    assert alibi_bias(8, 1, 100_001)[:, 0, 0].tolist() == [-100_000 / 2**h for h in range(1, 9)]


@pytest.mark.parametrize(("T", "S"), [(0, 0), (0, 4)])
def test_no_queries_are_a_bias_too(T, S):
    assert alibi_bias(3, T, S).shape == (3, T, S)


def test_slopes_and_bias_are_float32_whatever_torchs_default_is():
    torch.set_default_dtype(torch.float64)
    try:
        assert alibi_slopes(6).dtype == torch.float32
        assert alibi_bias(6, 2, 3).dtype == torch.float32
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("n_heads", [0, -3])
def test_fewer_than_one_head_is_refused(n_heads):
    message = f"^n_heads={n_heads} must be at least 1$"
    with pytest.raises(ValueError, match=message):
        alibi_slopes(n_heads)
    with pytest.raises(ValueError, match=message):
        alibi_bias(n_heads, 2, 3)


def test_more_queries_than_keys_are_refused():
    with pytest.raises(ValueError, match=r"^S=3 keys cannot hold T=4 queries; S must be at least T$"):
        alibi_bias(2, 4, 3)


def test_a_negative_number_of_queries_is_refused():
    with pytest.raises(ValueError, match=r"^T=-1 must be at least 0$"):
        alibi_bias(2, -1, 3)
