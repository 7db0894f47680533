"""What the exercise penalty asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF

from check import probe, raised


@probe(exercise="penalty", points=1)
def divided_or_multiplied(lib, rng):
    """A logit above 0 is divided, one below 0 multiplied; a penalty below 1 rewards."""
    logits, tokens = 3 * rng.normal(4, 11), torch.stack([rng.permutation(11)[:4] for _ in range(4)])
    return {
        f"{x:.3f}": lib.sampling.repetition_penalty(logits, tokens, x)
        for x in (1.2 + rng.uniform(1).item(), 0.7)
    }


@probe(exercise="penalty", points=1)
def once(lib, rng):
    """Once, however often a token occurs, and only in its own row."""
    tokens = rng.integers(0, 6, 4, 20)
    tokens[1] = rng.integer(6, 11)
    return lib.sampling.repetition_penalty(3 * rng.normal(4, 11), tokens, 1.5)


@probe(exercise="penalty", points=1)
def nothing_to_penalise(lib, rng):
    """No tokens, or a penalty of 1, changes nothing; impossible tokens stay impossible."""
    logits, tokens = rng.normal(3, 7), rng.integers(0, 7, 3, 5)
    logits[:, 2:4] = torch.tensor([-torch.inf, 0.0])
    ask = lib.sampling.repetition_penalty
    return {
        "no tokens": ask(logits, tokens[:, :0], 2.0),
        "penalty 1": ask(logits, tokens, 1.0),
        "": ask(logits, tokens, 3.0),
    }


@probe(exercise="penalty", points=1)
def bad_penalties(lib, rng):
    """ValueError for a penalty that is not above 0, and for no other."""
    kinds, logits, tokens = (
        [-1.0, 0.0, float("nan"), 0.5, 1.0, 2.0],
        rng.normal(2, 5),
        rng.integers(0, 5, 2, 3),
    )
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.repetition_penalty, logits, tokens, penalty) for penalty in asked]


@probe(exercise="penalty", points=1)
def penalised_dtype(lib, rng):
    """Half precision in and out, and the inputs are left as they were."""
    results = {}
    for dtype in HALF:
        logits, tokens = rng.normal(3, 9).to(dtype), rng.integers(0, 9, 3, 5)
        result = lib.sampling.repetition_penalty(logits, tokens, 1.7)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": [logits, tokens]}
    return results
