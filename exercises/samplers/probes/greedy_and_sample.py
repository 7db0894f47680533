"""What the exercise greedy_and_sample asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import distinct, drawn_shares, odd, order_of_equals

from check import probe


@probe(exercise="greedy_and_sample", points=2)
def most_probable(lib, rng):
    """greedy takes the highest logit of each row."""
    return {
        "five rows": lib.sampling.greedy(distinct(rng, 5, 9)),
        "one row, half precision": lib.sampling.greedy(distinct(rng, 1, 50).half()),
    }


@probe(exercise="greedy_and_sample", points=1)
def first_highest(lib, rng):
    """Of equal logits greedy takes the first."""
    logits = rng.integers(0, 3, 6, 40) + rng.normal(6, 1)
    token = lib.sampling.greedy(logits.clone()).flatten()[:, None]
    alone = torch.full_like(logits, -torch.inf).scatter(-1, token, logits.gather(-1, token))
    return order_of_equals(rng, logits, [alone])


@probe(exercise="greedy_and_sample", points=4)
def same_draw(lib, rng):
    """The same token from the same uniform number, row by row."""
    draws = {}
    for dtype in (torch.float32, torch.float64):
        shares, u = drawn_shares(rng, 24, 9), odd(rng, 24)
        shares[0, 1], shares[0, 0], u[0] = shares[0, 0] + shares[0, 1], 0, 1 / 128
        draws[str(dtype)] = lib.sampling.sample(shares.to(dtype) / 64, u)
    return {**draws, "a batch of one": lib.sampling.sample(drawn_shares(rng, 1, 90) / 64, odd(rng, 1))}


@probe(exercise="greedy_and_sample", points=1)
def borders(lib, rng):
    """A number on the border of two tokens belongs to the upper one, and 0 to the first possible one."""
    shares, u = drawn_shares(rng, 24, 9, total=32), rng.integers(0, 32, 24) / 32
    shares[:3, :2], shares[:3, 2], u[:3] = 0, 32 - shares[:3, 3:].sum(dim=-1), 0.0
    for row in range(3, 6):
        lower, upper = rng.permutation(9)[:2].sort().values.tolist()
        border = rng.integer(1, 32)
        shares[row], u[row] = 0, border / 32
        shares[row, lower], shares[row, upper] = border, 32 - border
    return lib.sampling.sample(shares / 32, u)


@probe(exercise="greedy_and_sample", points=1)
def sums_beside_one(lib, rng):
    """A row may sum to a bit more or less than 1; what is impossible stays so, even for u just below 1."""
    shares, u = drawn_shares(rng, 12, 9, total=62), odd(rng, 12)
    shares[:, 3] += shares[:, 6:].sum(dim=-1)
    shares[:, 6], shares[:, 7:] = 2, 0
    u[:3], u[3:6], u[6:9] = 1 - 2**-24, 61.5 / 64, 62.5 / 64
    less, more = shares * 0.9905 / 64, shares * 1.0095 / 64
    drawn = {"less": lib.sampling.sample(less, u), "more": lib.sampling.sample(more, u)}
    return {**drawn, "probs afterwards": less}


@probe(exercise="greedy_and_sample", points=1)
def large_vocabulary(lib, rng):
    """20,000 tokens in float16, 2**14 of them possible: sums need more digits than float16 has."""
    V, n = 20_000, 2**14
    probs = torch.zeros(V, dtype=torch.float16)
    probs[rng.permutation(V)[:n]] = 1 / n  # exact in float16, as its sums are in float32
    # Three neighbours among the possible tokens, which rounded sums cannot keep apart.
    u = (rng.integer(n // 2, n - 3) + torch.arange(3) + 0.5) / n
    return lib.sampling.sample(probs.repeat(3, 1), u)
