"""greedy and sample against numpy.searchsorted, torch.multinomial and the distribution that was asked for.

All numbers are drawn from fixed seeds, so nothing here fails by chance. A chi-square test is held to the
1 - 1e-6 quantile: with fresh seeds it would accuse a right sampler once in a million runs.
"""

import numpy as np
import pytest
import torch

from lib.sampling import greedy, sample

HALF = [torch.float16, torch.bfloat16]


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


def probabilities(B=5, V=11, seed=0):
    return torch.randn(B, V, generator=draw(seed), dtype=torch.float64).mul(2).softmax(dim=-1)


def chance(counts, probs):
    """Return how often counts this far from probs, or further, come about by chance (chi-square, V - 1)."""
    expected = probs.double() * counts.sum()
    statistic = ((counts - expected) ** 2 / expected).sum()
    half = torch.tensor((len(counts) - 1) / 2, dtype=torch.float64)
    return torch.special.gammaincc(half, statistic / 2).item()


def test_the_chi_square_chance_is_that_of_the_tables():
    # 3.841 and 18.307 are the 95 % quantiles of 1 and 10 degrees of freedom.
    one = torch.tensor([50.0, 50.0]) + torch.tensor([1, -1]) * (3.841459 * 25) ** 0.5
    assert chance(one, torch.tensor([0.5, 0.5])) == pytest.approx(0.05, abs=1e-6)
    eleven = torch.full((11,), 100.0)
    eleven[:2] += torch.tensor([1, -1]) * (18.307038 * 50) ** 0.5
    assert chance(eleven, torch.full((11,), 1 / 11)) == pytest.approx(0.05, abs=1e-6)


# ---- greedy


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, *HALF])
def test_greedy_agrees_with_numpy(dtype):
    logits = torch.randn(6, 13, generator=draw()).to(dtype)
    assert greedy(logits).tolist() == np.argmax(logits.double().numpy(), axis=1).tolist()
    assert greedy(logits).dtype == torch.int64


def test_of_equal_logits_greedy_takes_the_first():
    coarse = torch.randint(0, 3, (200, 40), generator=draw()).float()  # many ties in every row
    assert greedy(coarse).tolist() == np.argmax(coarse.numpy(), axis=1).tolist()


@pytest.mark.parametrize(("B", "V"), [(1, 1), (1, 7), (4, 1), (0, 5)])
def test_greedy_gives_one_token_a_row(B, V):
    assert greedy(torch.randn(B, V, generator=draw())).shape == (B,)


# ---- sample: the same token from the same uniform number


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_sample_inverts_the_distribution_function_like_numpy(dtype):
    probs, u = probabilities(B=300).to(dtype), torch.rand(300, generator=draw(1), dtype=torch.float64)
    rows = np.cumsum(probs.double().numpy(), axis=1)
    pairs = zip(rows, u.tolist(), strict=True)
    want = [np.searchsorted(row / row[-1], number, side="right") for row, number in pairs]
    assert sample(probs, u).tolist() == want
    assert sample(probs, u).dtype == torch.int64


def test_a_number_on_the_border_belongs_to_the_token_above_it():
    probs = torch.tensor([[0.25, 0.25, 0.0, 0.5]]).expand(4, 4)  # exact in every dtype
    u = torch.tensor([0.0, 0.25, 0.5, 0.75])
    for dtype in (torch.float64, torch.float32, *HALF):
        assert sample(probs.to(dtype), u).tolist() == [0, 1, 3, 3]
        assert sample(probs.to(dtype), u.to(dtype)).tolist() == [0, 1, 3, 3]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, *HALF])
def test_impossible_tokens_are_never_drawn_not_even_at_the_ends(dtype):
    probs = torch.tensor([[0.0, 0.0, 0.3, 0.0, 0.7, 0.0, 0.0]]).to(dtype).expand(2, 7)
    ends = torch.tensor([0.0, 1 - 2**-53], dtype=torch.float64)
    assert sample(probs, ends).tolist() == [2, 4]


@pytest.mark.parametrize("excess", [-0.009, 0.009])
def test_a_sum_beside_one_is_shared_out_and_not_given_to_the_last_token(excess):
    probs = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64) * (1 + excess)
    edges = torch.tensor([0.5, 0.8], dtype=torch.float64)
    below, above = sample(probs.expand(2, 3), edges - 1e-9), sample(probs.expand(2, 3), edges + 1e-9)
    assert (below.tolist(), above.tolist()) == ([0, 1], [1, 2])


def test_float16_over_a_vocabulary_of_200_000():
    """numpy refuses these probabilities, and their running sum in float16 would stop growing on the way."""
    V = 200_000
    probs = torch.randn(1, V, generator=draw(3)).mul(2).softmax(dim=-1).half()
    short = probs.double().sum().item()
    assert 1e-6 < abs(short - 1) < 0.01
    with pytest.raises(ValueError, match="robabilities do not sum to 1"):
        np.random.default_rng(0).choice(V, p=probs[0].double().numpy())
    u = torch.rand(500, generator=draw(4), dtype=torch.float64)
    up_to = np.cumsum(probs[0].double().numpy())
    got = sample(probs.expand(500, V), u)
    assert got.tolist() == np.searchsorted(up_to / up_to[-1], u.numpy(), side="right").tolist()
    assert (probs[0, got] > 0).all()
    assert probs[0, sample(probs, torch.tensor([1 - 2**-53], dtype=torch.float64))] > 0


def test_float16_probabilities_equal_and_tiny():
    """2**17 tokens of probability 2**-17 among 200,000: each sum is exact in float32, none in float16."""
    V, n = 200_000, 2**17
    places = torch.randperm(V, generator=draw(5))[:n].sort().values
    probs = torch.zeros(1, V, dtype=torch.float16).index_fill(1, places, 2.0**-17)
    wanted = torch.randint(0, n, (200,), generator=draw(6))
    u = (wanted.double() + 0.5) / n
    assert sample(probs.expand(200, V), u).tolist() == places[wanted].tolist()


# ---- sample: what comes out in the long run


def test_frequencies_are_the_probabilities_row_by_row():
    probs = probabilities(B=3, V=8)
    u = torch.rand(3, 100_000, generator=draw(7), dtype=torch.float64)
    for row, numbers in zip(probs, u, strict=True):
        drawn = sample(row.expand(len(numbers), 8), numbers)
        assert chance(torch.bincount(drawn, minlength=8), row) > 1e-6


def test_frequencies_agree_with_those_of_multinomial():
    """Two samples, one table: V - 1 degrees of freedom (chi-square for homogeneity), at 1e-6."""
    probs, n = probabilities(B=1, V=9)[0], 50_000
    ours = sample(probs.expand(n, 9), torch.rand(n, generator=draw(8)))
    theirs = torch.multinomial(probs, n, replacement=True, generator=draw(9))
    counts = torch.stack([torch.bincount(x, minlength=9).double() for x in (ours, theirs)])
    pooled = counts.mean(dim=0)
    statistic = ((counts - pooled) ** 2 / pooled).sum()
    degrees = torch.tensor(8 / 2, dtype=torch.float64)
    assert torch.special.gammaincc(degrees, statistic / 2) > 1e-6


def test_the_chi_square_test_would_see_a_wrong_sampler():
    probs = probabilities(B=1, V=8)[0]
    drawn = sample(
        probs.sqrt().div(probs.sqrt().sum()).expand(100_000, 8), torch.rand(100_000, generator=draw())
    )
    assert chance(torch.bincount(drawn, minlength=8), probs) < 1e-12


# ---- bad input


@pytest.mark.parametrize("B", [1, 3])
def test_inputs_are_left_as_they_were(B):
    probs, u = probabilities(B), torch.rand(B, generator=draw())
    copies = probs.clone(), u.clone()
    sample(probs, u), greedy(probs)
    assert torch.equal(probs, copies[0])
    assert torch.equal(u, copies[1])


@pytest.mark.parametrize(
    ("probs", "u", "message"),
    [
        ([[0.5, 0.5]], [0.1, 0.2], r"u has shape \(2,\); it must be \(1,\), one number a row"),
        ([[0.5, 0.5]], [[0.1]], r"u has shape \(1, 1\); it must be \(1,\), one number a row"),
        ([[0.5, 0.5]], [1.0], r"u=\[1.0\] must lie from 0 to just below 1"),
        ([[0.5, 0.5]], [-0.25], r"u=\[-0.25\] must lie from 0 to just below 1"),
        ([[0.5, 0.5]], [float("nan")], r"u=\[nan\] must lie from 0 to just below 1"),
        ([[1.5, -0.5]], [0.1], r"probs hold -0.5; no probability may be negative"),
        ([[0.5, 0.375]], [0.1], r"the rows of probs sum to \[0.875\]; each must sum to 1 within 0.01"),
        ([[0.5, 0.5], [1.0, 1.0]], [0.1, 0.1], r"the rows of probs sum to \[1.0, 2.0\]; each must"),
        ([[float("nan"), 0.5]], [0.1], r"the rows of probs sum to \[nan\]; each must sum to 1"),
    ],
)
def test_what_is_no_distribution_or_no_uniform_number_is_refused(probs, u, message):
    with pytest.raises(ValueError, match=message):
        sample(torch.tensor(probs), torch.tensor(u))
