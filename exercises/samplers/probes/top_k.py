"""What the exercise top_k asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, far_below, forgiven, order_of_equals, refusals

from check import probe


@probe(exercise="top_k", points=4)
def highest_k(lib, rng):
    """The k highest logits of each row stay as they are, the others become impossible."""
    logits = distinct(rng, 4, 9) * torch.tensor([[1.0], [10.0], [0.1], [-1.0]])
    ks = (1, rng.integer(2, 5), rng.integer(5, 9), 9)
    return {f"k={k}": forgiven(lib.sampling.keep_top_k(logits.clone(), k)) for k in ks}


@probe(exercise="top_k", points=1)
def others_impossible(lib, rng):
    """What goes becomes -inf, no other number."""
    return far_below(lib.sampling.keep_top_k(distinct(rng, 3, 7), rng.integer(2, 5)), -1e4)


@probe(exercise="top_k", points=1)
def dtype_of_k(lib, rng):
    """Half precision in and out, and the input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = (distinct(rng, 3, 9) * 8).round().to(dtype)
        result = lib.sampling.keep_top_k(logits, 4)
        values = forgiven(result)
        results[str(dtype)] = {"values": values, "dtype": str(result.dtype), "afterwards": logits}
    return results


@probe(exercise="top_k", points=1)
def exactly_k(lib, rng):
    """Exactly k survive where several equal the k-th, whichever of them."""
    logits = rng.integers(-1, 2, 6, 9).float()
    logits[:2] = rng.normal(2, 1)
    kept = {k: forgiven(lib.sampling.keep_top_k(logits.clone(), k)) for k in (1, 4, 7)}
    return {f"k={k}": result.sort(dim=-1, descending=True).values for k, result in kept.items()}


@probe(exercise="top_k", points=1)
def first_of_equals(lib, rng):
    """Of equal logits the first survive."""
    logits = rng.integers(-1, 2, 6, 40) + rng.normal(6, 1)
    kept = [lib.sampling.keep_top_k(logits.clone(), k) for k in (5, 20, 33)]
    return order_of_equals(rng, logits, kept)


@probe(exercise="top_k", points=1)
def large_k(lib, rng):
    """A k above V keeps all; an impossible token stays impossible."""
    logits, large = distinct(rng, 3, 7), rng.integer(100, 1000)
    logits[:, rng.permutation(7)[:2]] = -torch.inf
    return {f"k={k}": forgiven(lib.sampling.keep_top_k(logits.clone(), k)) for k in (3, 7, 8, large)}


@probe(exercise="top_k", points=1)
def bad_k(lib, rng):
    """ValueError for a k below 1, and for no other."""
    logits, small = distinct(rng, 3, 7), -rng.integer(2, 5)
    ask = lambda k: lib.sampling.keep_top_k(logits.clone(), k)  # noqa: E731
    return refusals(rng, ask, good=[1, 3, 7], bad=[0, -1, small])
