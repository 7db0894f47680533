"""What the exercise top_k asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, outcomes

from check import probe


@probe(exercise="top_k", points=2)
def highest_k(lib, rng):
    """The k highest logits of each row stay as they are, the others become -inf."""
    logits = distinct(rng, 4, 9) * torch.tensor([[1.0], [10.0], [0.1], [-1.0]])
    ks = (1, rng.integer(2, 5), rng.integer(5, 9), 9)
    return {f"k={k}": lib.sampling.keep_top_k(logits.clone(), k) for k in ks}


@probe(exercise="top_k", points=1)
def exactly_k(lib, rng):
    """Exactly k survive, ties or not; of equals the first."""
    logits = rng.integers(-1, 2, 6, 9).float()
    logits[:2] = rng.normal(2, 1)
    return {f"k={k}": lib.sampling.keep_top_k(logits.clone(), k) for k in (1, 4, 7)}


@probe(exercise="top_k", points=1)
def range_of_k(lib, rng):
    """A k above V keeps all, one below 1 is a ValueError; an impossible token stays impossible."""
    logits, large, small = distinct(rng, 3, 7), rng.integer(100, 1000), -rng.integer(2, 5)
    logits[:, rng.permutation(7)[:2]] = -torch.inf
    ask = lambda k: lib.sampling.keep_top_k(logits.clone(), k)  # noqa: E731
    return outcomes(rng, ask, good=[3, 7, 8, large], bad=[0, -1, small])


@probe(exercise="top_k", points=1)
def dtype_of_k(lib, rng):
    """Half precision in and out, and the input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = (distinct(rng, 3, 9) * 8).round().to(dtype)
        result = lib.sampling.keep_top_k(logits, 4)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": logits}
    return results
