"""What the exercise greedy_and_sample asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn_shares, odd

from check import probe


@probe(exercise="greedy_and_sample", points=1)
def most_probable(lib, rng):
    """greedy takes the highest logit of each row, and of equals the first."""
    return {
        "no two the same": lib.sampling.greedy(rng.normal(5, 9)),
        "many the same": lib.sampling.greedy(rng.integers(0, 3, 6, 9).float()),
        "one row, half precision": lib.sampling.greedy(rng.normal(1, 50, dtype=torch.float16)),
    }


@probe(exercise="greedy_and_sample", points=1)
def same_draw(lib, rng):
    """The same token from the same uniform number, row by row."""
    draws = {}
    for dtype in (torch.float32, torch.float64):
        probs = drawn_shares(rng, 24, 9).to(dtype) / 64
        draws[str(dtype)] = lib.sampling.sample(probs, odd(rng, 24))
    return {**draws, "a batch of one": lib.sampling.sample(drawn_shares(rng, 1, 90) / 64, odd(rng, 1))}


@probe(exercise="greedy_and_sample", points=1)
def borders(lib, rng):
    """A number on the border of two tokens belongs to the upper one, and 0 to the first possible one."""
    shares = drawn_shares(rng, 24, 9, total=32)
    shares[:3, :2], shares[:3, 2] = 0, 32 - shares[:3, 3:].sum(dim=-1)
    u = rng.integers(0, 32, 24) / 32
    u[:3] = 0
    return lib.sampling.sample(shares / 32, u)


@probe(exercise="greedy_and_sample", points=1)
def sums_beside_one(lib, rng):
    """A row may sum to a bit more or less than 1; what is impossible stays so, even for u just below 1."""
    shares = drawn_shares(rng, 24, 9, total=62)
    shares[:, 3] += shares[:, 6:].sum(dim=-1)
    shares[:, 6], shares[:, 7:] = 2, 0
    u = odd(rng, 24)
    u[:6], u[6:10], u[10:14] = 1 - 2**-24, 61.5 / 64, 62.5 / 64
    less, more = shares * 0.9905 / 64, shares * 1.0095 / 64
    return {"less": lib.sampling.sample(less, u), "more": lib.sampling.sample(more, u)}


@probe(exercise="greedy_and_sample", points=1)
def large_vocabulary(lib, rng):
    """200,000 tokens in float16, 100,000 of them possible: sums need more digits than float16 has."""
    V, n = 200_000, 100_000
    possible = rng.permutation(V)[:n]
    probs = torch.zeros(1, V, dtype=torch.float16)
    probs[0, possible] = 167 * 2.0**-24  # exact in float16, as its sums are in float32; together 0.9954
    u = (rng.integers(0, n, 1) + 0.5) / n
    return lib.sampling.sample(probs, u)


@probe(exercise="greedy_and_sample", points=1)
def unchanged_probs(lib, rng):
    """The inputs are left as they were."""
    probs, u, logits = drawn_shares(rng, 5, 9) / 64, odd(rng, 5), rng.normal(5, 9)
    drawn = lib.sampling.sample(probs, u), lib.sampling.greedy(logits)
    return {"result": drawn, "probs afterwards": probs, "u afterwards": u, "logits afterwards": logits}
