"""accept by hand and by exact enumeration: over all drafts and all refusals its outcomes have the model's distribution."""

from itertools import product

import pytest
import torch
from transformers.generation.candidate_generator import PromptLookupCandidateGenerator

from lib.speculation import accept, expected_tokens, lookup, overlap

P = torch.tensor([[0.5, 0.3, 0.2], [0.2, 0.1, 0.7]])
Q = torch.tensor([[0.2, 0.7, 0.1]])


def accepted(draft, q, p, u):
    return accept(torch.tensor(draft, dtype=torch.int64), q, p, torch.tensor(u, dtype=torch.float64))


def test_by_hand():
    # 0.3 / 0.7 = 0.43; the rest [0.3, 0, 0.1] is [0.75, 0, 0.25]; the next row [0.2, 0.1, 0.7] sums to 0.2, 0.3, 1
    assert accepted([1], Q, P, [0.5, 0.7]) == [0]
    assert accepted([1], Q, P, [0.5, 0.85]) == [2]
    assert accepted([1], Q, P, [0.42, 0.25]) == [1, 1]
    assert accepted([0], Q, P, [0.999, 0.9]) == [0, 2]  # p > q: it always stays
    assert accepted([], Q[:0], P[:1], [0.6]) == [1]


def test_guesses_behind_a_refused_one_go_however_good_they_are():
    q = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    p = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    assert accepted([1, 2], q, p, [0.0, 0.0, 0.5]) == [0]


@pytest.mark.parametrize("seed", range(3))
def test_where_p_is_q_all_guesses_stay(seed):
    generator = torch.Generator().manual_seed(seed)
    p = torch.randn(6, 9, generator=generator).softmax(dim=-1)
    draft, u = torch.randint(9, (5,), generator=generator), torch.rand(6, generator=generator)
    assert accept(draft, p[:5], p, u)[:5] == draft.tolist()


def thresholds(decide, V):
    """Return the probability of each token that decide(u) gives as u goes from 0 to 1, found by halving."""
    ends = [0.0]
    for token in range(V - 1):
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if decide(middle) <= token else (low, middle)
        ends.append(low)
    return torch.tensor([*ends, 1.0], dtype=torch.float64).diff()


def outcomes(p_table, q_table, first, gamma):
    """Return the exact probability of each reply: over all drafts, and for each over how many of it stay."""
    V, found = len(p_table), {}
    for draft in product(range(V), repeat=gamma):
        text = [first, *draft]
        p, q = p_table[text], q_table[text[:-1]]
        drawn = q[range(gamma), draft].prod().item()
        stay = (p[range(gamma), draft] / q[range(gamma), draft]).clamp(max=1.0)
        for kept in range(gamma + 1):
            refused = (1 - stay[kept]).item() if kept < gamma else 1.0
            if refused == 0:
                continue
            u = [(stay[i] / 2 if i < kept else (1 + stay[i]) / 2).item() for i in range(gamma)]
            shares = thresholds(lambda last, u=u, p=p, q=q, d=draft: accepted(d, q, p, [*u, last])[-1], V)
            for token in range(V):
                reply = (*draft[:kept], token)
                weight = drawn * stay[:kept].prod().item() * refused * shares[token].item()
                found[reply] = found.get(reply, 0.0) + weight
    return found


@pytest.mark.parametrize("gamma", [1, 2])
def test_all_outcomes_together_have_the_models_distribution(gamma):
    p = torch.tensor([[0.5, 0.3, 0.2], [0.1, 0.0, 0.9], [0.3, 0.4, 0.3]], dtype=torch.float64)
    q = torch.tensor([[0.2, 0.7, 0.1], [0.1, 0.3, 0.6], [0.3, 0.4, 0.3]], dtype=torch.float64)
    found, first = outcomes(p, q, 0, gamma), 0
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-7)
    for reply in product(range(3), repeat=gamma + 1):
        wanted = torch.stack([p[i, j] for i, j in zip((first, *reply), reply, strict=False)]).prod().item()
        # A shorter reply goes on in the next round, as the model has it.
        made = 0.0
        for length in range(1, gamma + 2):
            rest = zip(reply[length - 1 :], reply[length:], strict=False)
            made += found.get(reply[:length], 0.0) * torch.tensor([p[i, j] for i, j in rest]).prod().item()
        assert made == pytest.approx(wanted, abs=1e-7)


def test_a_round_gives_as_many_tokens_as_expected():
    p = torch.tensor([[0.5, 0.3, 0.2]], dtype=torch.float64).expand(3, 3)
    q = torch.tensor([[0.2, 0.7, 0.1]], dtype=torch.float64).expand(3, 3)
    found = outcomes(p, q, 0, gamma=2)
    mean = sum(len(reply) * weight for reply, weight in found.items())
    assert mean == pytest.approx(expected_tokens(overlap(p[0], q[0]).item(), 2), abs=1e-7)


def test_expected_tokens_by_hand():
    assert expected_tokens(0.8, 4) == pytest.approx(3.3616)
    assert (expected_tokens(0.0, 4), expected_tokens(1.0, 4), expected_tokens(0.3, 0)) == (1, 5, 1)


def test_overlap_is_one_less_the_total_variation():
    assert overlap(P[0], Q[0]).item() == pytest.approx(0.6)
    p, q = torch.rand(2, 4, 7).softmax(dim=-1)
    torch.testing.assert_close(overlap(p, q), 1 - (p - q).abs().sum(-1) / 2, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("tokens", "options", "wanted"),
    [
        ([1, 2, 3, 4, 9, 2, 3], {"most": 2}, [4, 9]),
        ([7, 1, 7, 2, 7, 3, 7], {"most": 1}, [3]),  # the latest
        ([1, 2, 9, 4, 5, 2, 6, 1, 2], {}, [9, 4, 5, 2, 6, 1, 2]),  # two that agree before one that is later
        ([1, 2, 9, 4, 5, 2, 6, 1, 2], {"n": 1}, [6, 1, 2]),
        ([1, 2, 3], {}, []),
        ([5, 5], {}, [5]),
        ([5, 5, 5, 5], {"most": 9}, [5]),
        ([5], {}, []),
        ([], {}, []),
    ],
)
def test_lookup_by_hand(tokens, options, wanted):
    assert lookup(tokens, **options) == wanted


def test_lookup_is_what_transformers_looks_up():
    generator = torch.Generator().manual_seed(3)
    for _ in range(40):
        tokens = torch.randint(4, (25,), generator=generator)
        theirs = PromptLookupCandidateGenerator(num_output_tokens=5, max_matching_ngram_size=3, max_length=99)
        candidates, _ = theirs.get_candidates(tokens[None])
        their = candidates[0, 25:].tolist()
        ours = lookup(tokens.tolist(), n=3, most=5)
        # Theirs takes the first occurrence, ours the latest: both have followed the same tokens.
        assert bool(ours) == bool(their)
        if ours:
            n = next(n for n in (3, 2, 1) if occurs(tokens.tolist(), n))
            assert occurs(tokens.tolist(), n)[-1] == ours
            assert their in occurs(tokens.tolist(), n)


def occurs(tokens, n):
    """Return what followed (up to five tokens) each earlier occurrence of the last n tokens."""
    starts = [i for i in range(len(tokens) - n) if tokens[i : i + n] == tokens[-n:]]
    return [tokens[i + n : i + n + 5] for i in starts]


def test_bad_input_is_refused():
    u = torch.rand(2)
    with pytest.raises(ValueError, match=r"q has shape \(2, 3\); for 1 guesses it must be \(1, 3\)"):
        accept(torch.tensor([1]), P, P, u)
    with pytest.raises(ValueError, match=r"p has shape \(1, 3\); for 1 guesses it must be \(2, 3\)"):
        accept(torch.tensor([1]), Q, P[:1], u[:1])
    with pytest.raises(ValueError, match=r"u has shape \(3,\); for 0 guesses it must be \(1,\)"):
        accept(torch.tensor([], dtype=torch.int64), Q[:0], P[:1], torch.rand(3))
    with pytest.raises(ValueError, match=r"tokens \[2\] to which q gives the probability zero"):
        accept(torch.tensor([2]), torch.tensor([[0.5, 0.5, 0.0]]), P, u)
    for token in (-1, 3):
        with pytest.raises(ValueError, match=rf"draft holds tokens \[{token}\]; p has those from 0 to 2"):
            accept(torch.tensor([token]), Q, P, u)
    for i, name in enumerate("qpu"):
        numbers = [Q.clone(), P.clone(), u.clone()]
        numbers[i][0] = torch.nan
        with pytest.raises(ValueError, match=f"{name} holds NaN"):
            accept(torch.tensor([1]), *numbers)
    for alpha in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match=f"alpha={alpha} must lie between 0 and 1"):
            expected_tokens(alpha, 2)
    with pytest.raises(ValueError, match="gamma=-1 must not be negative"):
        expected_tokens(0.5, -1)
    for n, most in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match=f"n={n} and most={most} must both be at least 1"):
            lookup([1, 2], n, most)
