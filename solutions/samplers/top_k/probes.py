"""What the exercise top_k asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF

from check import probe, raised


@probe(exercise="top_k", points=1)
def highest_k(lib, rng):
    """The k highest logits of each row stay as they are, the others become -inf."""
    logits = rng.normal(4, 9) * torch.tensor([[1.0], [10.0], [0.1], [-1.0]])
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (1, rng.integer(2, 5), rng.integer(5, 9))}


@probe(exercise="top_k", points=1)
def exactly_k(lib, rng):
    """Exactly k survive, ties or not; of equals the first."""
    logits = rng.integers(-1, 2, 12, 9).float()
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (1, 3, 4, 6, 8)}


@probe(exercise="top_k", points=1)
def large_k(lib, rng):
    """A k of V or more keeps all, and so does a k above the number of possible tokens."""
    logits = rng.normal(4, 9)
    logits[:, rng.permutation(9)[:4]] = -torch.inf
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (7, 9, 10, 900)}


@probe(exercise="top_k", points=1)
def bad_k(lib, rng):
    """ValueError for a k below 1, and for no other."""
    kinds, logits = [-3, -1, 0, 1, 4, 6], rng.normal(2, 4)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.keep_top_k, logits, k) for k in asked]


@probe(exercise="top_k", points=1)
def dtype_of_k(lib, rng):
    """Half precision in and out, and the input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = rng.normal(3, 9).to(dtype)
        result = lib.sampling.keep_top_k(logits, 4)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": logits}
    return results
