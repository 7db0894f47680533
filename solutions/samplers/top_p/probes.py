"""What the exercise top_p asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, drawn_shares, odd

from check import probe, raised


@probe(exercise="top_p", points=2)
def nucleus(lib, rng):
    """The smallest set of most probable tokens that reaches p; the token with which it does is in."""
    logits = (drawn_shares(rng, 12, 9) / 64).log() + rng.normal(12, 1)
    return {f"p={p:.3f}": lib.sampling.keep_top_p(logits, p) for p in odd(rng, 4).tolist()}


@probe(exercise="top_p", points=1)
def reached_exactly(lib, rng):
    """Of 16 equal tokens n reach n/16, and the first n are kept."""
    logits = torch.full((3, 24), -torch.inf)
    for row in logits:
        row[rng.permutation(24)[:16]] = float(rng.integer(-5, 6))
    return {
        f"p={n}/16": lib.sampling.keep_top_p(logits, n / 16)
        for n in (1, rng.integer(2, 8), rng.integer(8, 16))
    }


@probe(exercise="top_p", points=1)
def never_empty(lib, rng):
    """The most probable token stays at p = 0, and at any p below its own probability."""
    logits = rng.integers(-1, 2, 12, 9).float()
    sure = 30 * torch.nn.functional.one_hot(rng.integers(0, 9, 4), 9) + rng.normal(4, 9)
    ask = lib.sampling.keep_top_p
    return {"p=0": ask(logits, 0.0), "sure, p=0": ask(sure, 0.0), "sure, p=0.9": ask(sure, 0.9)}


@probe(exercise="top_p", points=1)
def everything(lib, rng):
    """p = 1 keeps every possible token, whatever the sum of the probabilities is rounded to."""
    logits = torch.cat([20 + rng.normal(4, 2), rng.normal(4, 60)], dim=-1)[:, rng.permutation(62)]
    logits[rng.uniform(4, 62) < 0.1] = -torch.inf
    logits[:, 5] = 20 + rng.normal(4)
    return lib.sampling.keep_top_p(logits, 1.0)


@probe(exercise="top_p", points=1)
def bad_p(lib, rng):
    """ValueError for a p below 0 or above 1 or NaN, and for no other."""
    kinds, logits = [-0.1, 0.0, 1.0, 1.1, float("nan"), 0.4], rng.normal(2, 5)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.keep_top_p, logits, p) for p in asked]


@probe(exercise="top_p", points=1)
def half_of_p(lib, rng):
    """Half precision in and out, sums over 4096 equal tokens in float32. The input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = torch.stack([rng.permutation(9) - 4 for _ in range(3)]).to(dtype)
        kept = lib.sampling.keep_top_p(logits, 0.01 + rng.uniform(1).item() / 100)
        results[str(dtype)] = {"values": kept, "dtype": str(kept.dtype), "afterwards": logits}
        many = torch.full((1, 4096), rng.integer(-3, 4), dtype=dtype)
        kept = lib.sampling.keep_top_p(many, 1 - float(odd(rng, 1, parts=4096)) / 3)
        results[f"{dtype}, how many of 4096"] = (kept > -torch.inf).sum(dim=-1)
    return results
