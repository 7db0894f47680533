"""Temperature, top-k, top-p and the repetition penalty against transformers' logits processors.

The processors are asked on inputs without ties; ties, ends and half precision are held to numbers worked by
hand, or to what Python's own sort and fractions give. Fixed seeds: nothing here fails by chance.
"""

import math
from fractions import Fraction

import pytest
import torch
from transformers.generation.logits_process import (
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from lib.sampling import apply_temperature, keep_top_k, keep_top_p, repetition_penalty

INF = torch.inf
# About twice the rounding error of one number near 1: 2**-53, 2**-24, 2**-11 and 2**-8 relative.
TOLERANCE = {torch.float64: 1e-15, torch.float32: 2e-7, torch.float16: 1e-3, torch.bfloat16: 8e-3}
BY_DTYPE = pytest.mark.parametrize("dtype", list(TOLERANCE))
FUNCTIONS = {
    "temperature": lambda x: apply_temperature(x, 0.7),
    "temperature 0": lambda x: apply_temperature(x, 0.0),
    "top-k": lambda x: keep_top_k(x, 3),
    "top-p": lambda x: keep_top_p(x, 0.7),
    "penalty": lambda x: repetition_penalty(x, torch.tensor([[0, 2]]).expand(len(x), 2), 1.3),
}
BY_FUNCTION = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)


def random_logits(B=4, V=17, dtype=torch.float32, seed=0):
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(B, V, generator=draw, dtype=torch.float64).mul(3).to(dtype)


def theirs(processor, logits, tokens=None):
    tokens = torch.zeros(len(logits), 0, dtype=torch.int64) if tokens is None else tokens
    return processor(tokens, logits.clone())


# ---- what all of them promise


@BY_DTYPE
@BY_FUNCTION
def test_the_dtype_is_kept_and_the_input_left_as_it_was(function, dtype):
    logits = random_logits(dtype=dtype)
    before = logits.clone()
    result = function(logits)
    assert result.dtype == dtype
    assert result.shape == logits.shape
    assert torch.equal(logits, before)
    assert result.data_ptr() != logits.data_ptr()


@BY_FUNCTION
def test_a_row_does_not_depend_on_the_others(function):
    logits = random_logits() * torch.tensor([[1.0], [10.0], [0.1], [1.0]])
    alone = torch.cat([function(row[None]) for row in logits])
    assert torch.equal(function(logits), alone)


@BY_FUNCTION
def test_impossible_tokens_stay_impossible(function):
    logits = random_logits()
    logits[:, ::2] = -INF
    result = function(logits)
    assert (result[:, ::2] == -INF).all()
    assert not result.isnan().any()
    assert (result.softmax(dim=-1).sum(dim=-1) - 1).abs().max() < 1e-6


@BY_FUNCTION
def test_a_vocabulary_of_one_and_a_batch_of_none(function):
    if function is not FUNCTIONS["penalty"]:  # which penalises token 2
        assert function(torch.tensor([[-3.0]])).softmax(dim=-1).tolist() == [[1.0]]
    assert function(torch.zeros(0, 5)).shape == (0, 5)


@BY_FUNCTION
def test_a_device_without_data_is_kept(function):
    """On torch's "meta" device tensors have shapes only: a tensor made on the CPU would be refused there."""
    if function is FUNCTIONS["penalty"]:
        tokens = torch.zeros(2, 3, dtype=torch.int64, device="meta")
        result = repetition_penalty(torch.empty(2, 9, device="meta"), tokens, 1.3)
    else:
        result = function(torch.empty(2, 9, dtype=torch.float16, device="meta"))
    assert (result.device.type, result.shape) == ("meta", (2, 9))


# ---- temperature


@BY_DTYPE
@pytest.mark.parametrize("temperature", [0.3, 0.7, 1.0, 2.5, 100.0])
def test_the_distribution_is_that_of_the_logits_divided(dtype, temperature):
    logits = random_logits(dtype=dtype)
    got = apply_temperature(logits, temperature)
    assert (got.amax(dim=-1) == 0).all()
    want = theirs(TemperatureLogitsWarper(temperature), logits.double())
    want = want - want.amax(dim=-1, keepdim=True)
    torch.testing.assert_close(got.double(), want, rtol=4 * TOLERANCE[dtype], atol=4 * TOLERANCE[dtype])
    probs, wanted = got.double().softmax(dim=-1), want.softmax(dim=-1)
    torch.testing.assert_close(probs, wanted, rtol=40 * TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_temperature_by_hand():
    # e^(2 ln 3 / 2) = 3: at temperature 2 odds of 9 to 1 become 3 to 1, at 0.5 they become 81 to 1.
    logits = torch.tensor([[math.log(9), 0.0]], dtype=torch.float64)
    for temperature, odds in [(1.0, 9), (2.0, 3), (0.5, 81)]:
        probs = apply_temperature(logits, temperature).softmax(dim=-1)
        assert probs[0, 0].item() == pytest.approx(odds / (odds + 1), abs=1e-12)


@BY_DTYPE
def test_temperature_zero_keeps_the_highest_logits_and_nothing_else(dtype):
    logits = torch.tensor([[1.0, 3.0, 3.0, -INF], [-5.0, -7.0, -6.0, -5.5]], dtype=dtype)
    assert apply_temperature(logits, 0).tolist() == [[-INF, 0.0, 0.0, -INF], [0.0, -INF, -INF, -INF]]


@BY_DTYPE
@pytest.mark.parametrize("temperature", [10.0**-n for n in range(1, 9)] + [1e-30, 1e-300])
def test_small_temperatures_approach_the_greedy_choice_and_never_overflow(dtype, temperature):
    logits = torch.tensor([[60.0, 59.0, -60.0, -INF], [-60.0, 50.0, 20.0, 48.0]], dtype=dtype)
    result = apply_temperature(logits, temperature)
    probs = result.double().softmax(dim=-1)
    assert probs.isfinite().all()
    assert (probs[torch.arange(2), torch.tensor([0, 1])] >= 1 / (1 + math.exp(-1 / temperature)) - 1e-3).all()


def test_lower_temperatures_are_never_less_sure():
    tops = [
        apply_temperature(random_logits(), t).softmax(dim=-1).amax(dim=-1) for t in (5, 2, 1, 0.5, 0.1, 0)
    ]
    assert all((low >= high).all() for high, low in zip(tops, tops[1:], strict=False))
    assert (tops[-1] == 1).all()


@BY_DTYPE
def test_at_infinity_all_possible_tokens_are_equal(dtype):
    logits = torch.tensor([[1.0, -3.0, 60.0, -INF]], dtype=dtype)
    assert apply_temperature(logits, math.inf).tolist() == [[0.0, 0.0, 0.0, -INF]]


@pytest.mark.parametrize("temperature", [-1.0, -0.001, math.nan, -INF])
def test_negative_temperatures_are_refused(temperature):
    with pytest.raises(ValueError, match=rf"temperature={temperature} must be 0 or larger"):
        apply_temperature(random_logits(), temperature)


# ---- top-k


@BY_DTYPE
@pytest.mark.parametrize("k", [1, 2, 5, 16, 17, 1000])
def test_top_k_agrees_with_transformers(dtype, k):
    logits = random_logits(dtype=torch.float64).argsort(dim=-1).to(dtype)  # whole numbers, no two the same
    assert torch.equal(keep_top_k(logits, k), theirs(TopKLogitsWarper(k), logits))


@BY_DTYPE
@pytest.mark.parametrize("k", range(1, 14))
def test_exactly_k_survive_and_of_equals_the_first(dtype, k):
    draw = torch.Generator().manual_seed(k)
    logits = torch.randint(-1, 2, (50, 12), generator=draw).to(dtype)
    survivors = keep_top_k(logits, k)
    for row, kept in zip(logits.tolist(), survivors.tolist(), strict=True):
        best = sorted(range(12), key=lambda token: -row[token])[:k]  # Python's sort is stable
        assert [token for token in range(12) if kept[token] > -INF] == sorted(best)
        assert all(kept[token] == row[token] for token in best)


def test_k_may_exceed_the_number_of_possible_tokens():
    logits = torch.tensor([[-INF, 2.0, -INF, 1.0]])
    assert keep_top_k(logits, 3).tolist() == [[-INF, 2.0, -INF, 1.0]]


@pytest.mark.parametrize("k", [0, -1, -17])
def test_a_k_below_one_is_refused(k):
    with pytest.raises(ValueError, match=rf"k={k} must be at least 1"):
        keep_top_k(random_logits(), k)


# ---- top-p


@pytest.mark.parametrize("p", [0.05, 0.3, 0.5, 0.75, 0.9, 0.99])
def test_top_p_agrees_with_transformers(p):
    logits = random_logits(B=50, dtype=torch.float64)  # no row's running sum comes within 1e-9 of p
    assert torch.equal(keep_top_p(logits, p), theirs(TopPLogitsWarper(p), logits))


def shares(n, seed, V=9, total=64):
    """Return (n, V) whole numbers, some of them zero, that sum to total in each row."""
    draw = torch.Generator().manual_seed(seed)
    cuts = torch.randint(0, total + 1, (n, V - 1), generator=draw).sort(dim=-1).values
    ends = torch.full((n, 1), total)
    return torch.cat([cuts, ends], dim=-1) - torch.cat([torch.zeros_like(ends), cuts], dim=-1)


@BY_DTYPE
def test_the_nucleus_is_the_smallest_set_that_reaches_p(dtype):
    """Against exact fractions; every p here lies 1/128 from any sum, more than half precision can be off."""
    counts = shares(40, seed=1)
    logits = (counts / 64).log().to(dtype)
    for numerator in range(1, 128, 6):
        kept = keep_top_p(logits, numerator / 128) > -INF
        for row, inside in zip(counts.tolist(), kept.tolist(), strict=True):
            order, reached, nucleus = sorted(range(9), key=lambda token: -row[token]), Fraction(0), set()
            for token in order:
                if reached < Fraction(numerator, 128):
                    nucleus.add(token)
                reached += Fraction(row[token], 64)
            assert {token for token in range(9) if inside[token]} == nucleus


@BY_DTYPE
def test_what_is_kept_keeps_its_logit(dtype):
    logits = random_logits(dtype=dtype)
    result = keep_top_p(logits, 0.6)
    assert torch.equal(result, torch.where(result > -INF, logits, -INF))
    assert (result == -INF).any(dim=-1).all()


def test_top_p_by_hand():
    logits = torch.tensor([[0.15, 0.5, 0.05, 0.3], [0.25, 0.25, 0.25, 0.25]], dtype=torch.float64).log()
    sizes = {0.0: (1, 1), 0.25: (1, 1), 0.3: (1, 2), 0.5: (1, 2), 0.75: (2, 3), 0.9: (3, 4), 1.0: (4, 4)}
    # 0.5 is reached exactly: half an ulp off and another token comes in, so that row is asked just below it.
    for p, wanted in sizes.items():
        found = (keep_top_p(logits, p if p in (0, 1) else p - 1e-9) > -INF).sum(dim=-1)
        assert tuple(found.tolist()) == wanted, p


def test_equal_logits_reach_p_exactly():
    logits = torch.zeros(1, 8)
    for n in range(1, 9):
        assert (keep_top_p(logits, n / 8) > -INF).tolist() == [[token < n for token in range(8)]]


@BY_DTYPE
def test_p_zero_keeps_one_token_and_of_equals_the_first(dtype):
    logits = torch.tensor([[1.0, 4.0, 4.0, -INF], [2.0, 2.0, 2.0, 2.0]], dtype=dtype)
    assert keep_top_p(logits, 0.0).tolist() == [[-INF, 4.0, -INF, -INF], [2.0, -INF, -INF, -INF]]


@BY_DTYPE
def test_a_sure_model_keeps_its_token_at_any_p(dtype):
    logits = torch.tensor([[0.0, 40.0, 0.0]], dtype=dtype)
    for p in (0.0, 1e-6, 0.5, 0.99):
        assert (keep_top_p(logits, p) > -INF).tolist() == [[False, True, False]]


@BY_DTYPE
def test_p_one_keeps_every_possible_token_whatever_the_sum_rounds_to(dtype):
    logits = torch.cat([torch.zeros(1, 1), torch.full((1, 999), -25.0)], dim=-1).to(dtype)
    logits[0, 500] = -INF
    assert logits.softmax(dim=-1).cumsum(dim=-1)[0, 0] == 1 or dtype == torch.float64
    assert torch.equal(keep_top_p(logits, 1.0), logits)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_the_nucleus_of_a_large_vocabulary_in_half_precision(dtype):
    """200,000 equal logits: half of them reach 1/2; summed in half precision they would stop far below it."""
    kept = keep_top_p(torch.zeros(1, 200_000, dtype=dtype), 0.5) > -INF
    assert abs(kept.sum().item() - 100_000) <= 1
    assert kept[0, :99_999].all()


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan, 40])
def test_a_p_that_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match=rf"p={p} must lie between 0 and 1"):
        keep_top_p(random_logits(), p)


# ---- repetition penalty


@BY_DTYPE
@pytest.mark.parametrize("penalty", [0.5, 1.0, 1.2, 3.0])
def test_the_penalty_agrees_with_transformers(dtype, penalty):
    logits = random_logits(dtype=dtype)
    tokens = torch.randint(0, 17, (4, 30), generator=torch.Generator().manual_seed(1))
    want = theirs(RepetitionPenaltyLogitsProcessor(penalty), logits.double(), tokens)
    got = repetition_penalty(logits, tokens, penalty).double()
    torch.testing.assert_close(got, want, rtol=TOLERANCE[dtype], atol=0)


def test_the_penalty_by_hand():
    logits = torch.tensor([[4.0, -1.0, 3.0, 0.0, -INF], [4.0, -1.0, 3.0, 0.0, 2.0]])
    tokens = torch.tensor([[0, 1, 0, 3, 4], [2, 2, 2, 2, 2]])
    want = [[2.0, -2.0, 3.0, 0.0, -INF], [4.0, -1.0, 1.5, 0.0, 2.0]]
    assert repetition_penalty(logits, tokens, 2.0).tolist() == want


def test_no_tokens_no_penalty():
    logits = random_logits()
    none = torch.zeros(4, 0, dtype=torch.int64)
    assert torch.equal(repetition_penalty(logits, none, 2.0), logits)
    tokens = torch.randint(0, 17, (4, 9), generator=torch.Generator().manual_seed(1))
    assert torch.equal(repetition_penalty(logits, tokens, 1.0), logits)


def test_tokens_are_left_as_they_were():
    tokens = torch.tensor([[0, 1], [2, 3], [4, 5], [6, 7]])
    before = tokens.clone()
    repetition_penalty(random_logits(), tokens, 2.0)
    assert torch.equal(tokens, before)


@pytest.mark.parametrize("penalty", [0.0, -1.5, math.nan])
def test_a_penalty_that_is_not_positive_is_refused(penalty):
    with pytest.raises(ValueError, match=rf"penalty={penalty} must be larger than 0"):
        repetition_penalty(random_logits(), torch.zeros(4, 1, dtype=torch.int64), penalty)
