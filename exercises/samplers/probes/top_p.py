"""What the exercise top_p asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, odd, outcomes, shuffled_rows

from check import probe


@probe(exercise="top_p", points=5)
def nucleus(lib, rng):
    """The smallest set of most probable tokens that reaches p; the token with which it does is in."""
    unsure, sure = [0, 1, 2, 3, 5, 7, 11, 15, 20], [0, 0, 0, 0, 1, 1, 2, 3, 57]
    shares = shuffled_rows(rng, [unsure, sure] * 3)
    shares[0] = torch.tensor(unsure)  # the most probable last
    logits = (shares / 64).log() + rng.normal(6, 1)
    ps = [*(2 * rng.integers(33, 56, 3) + 1).tolist(), 2 * rng.integer(2, 19) + 1]
    return {f"p={p}/128": lib.sampling.keep_top_p(logits.clone(), p / 128) for p in ps}


@probe(exercise="top_p", points=1)
def reached_exactly(lib, rng):
    """Of 8 equal tokens n reach n/8, and the first n are kept."""
    logits = torch.full((3, 12), -torch.inf)
    for row in logits:
        row[rng.permutation(12)[:8]] = float(rng.integer(-5, 6))
    ns = (1, rng.integer(2, 5), rng.integer(5, 8))
    return {f"p={n}/8": lib.sampling.keep_top_p(logits.clone(), n / 8) for n in ns}


@probe(exercise="top_p", points=1)
def range_of_p(lib, rng):
    """p = 0 keeps the most probable token, p = 1 all that are possible; ValueError below 0, above 1 and for NaN."""
    logits, beyond = distinct(rng, 3, 9), 0.1 + rng.uniform(1).item()
    for row, likeliest in zip(logits, rng.permutation(9).tolist(), strict=False):
        row[likeliest], row[(likeliest + 4) % 9] = 30.0 + rng.uniform(1), -torch.inf
    ask = lambda p: lib.sampling.keep_top_p(logits.clone(), p)  # noqa: E731
    return outcomes(rng, ask, good=[0.0, 1.0], bad=[-beyond, 1 + beyond, float("nan")])


@probe(exercise="top_p", points=1)
def half_of_p(lib, rng):
    """Half precision in and out, sums over 4096 equal tokens in float32. The input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = shuffled_rows(rng, [torch.arange(9) - 4] * 3).to(dtype)
        kept = lib.sampling.keep_top_p(logits, 0.7 + rng.uniform(1).item() / 10)
        results[str(dtype)] = {"values": kept, "dtype": str(kept.dtype), "afterwards": logits}
        many = torch.full((1, 4096), rng.integer(-3, 4), dtype=dtype)
        kept = lib.sampling.keep_top_p(many, 1 - float(odd(rng, 1, parts=4096)) / 3)
        results[f"{dtype}, how many of 4096"] = (kept > -torch.inf).sum(dim=-1)
    return results
