"""What the exercise penalty asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, or_refused, refusals, shuffled_rows

from check import probe


def _logits(rng, B, V):
    """Return (B, V) logits, half of each row above 0 and none near it, and the order of the tokens."""
    logits, order = 0.5 + 3 * rng.uniform(B, V), rng.permutation(V)
    logits[:, order[: V // 2]] *= -1
    return logits, order


@probe(exercise="penalty", points=4)
def divided_or_multiplied(lib, rng):
    """A logit above 0 is divided, one below 0 multiplied, of those that the row holds."""
    logits, order = _logits(rng, 4, 11)
    tokens = torch.stack(
        [order.roll(row)[3:7] for row in range(4)]
    )  # below 0 and above, other ones in each row
    penalties = (1.2 + rng.uniform(1).item(), 3.0 + rng.uniform(1).item())
    return {f"{x:.3f}": lib.sampling.repetition_penalty(logits.clone(), tokens, x) for x in penalties}


@probe(exercise="penalty", points=2)
def once(lib, rng):
    """Once, however often a token occurs, and only in its own row."""
    tokens = rng.integers(0, 6, 4, 20)
    tokens[1] = rng.integer(6, 11)
    return lib.sampling.repetition_penalty(_logits(rng, 4, 11)[0], tokens, 1.5)


@probe(exercise="penalty", points=1)
def left_alone(lib, rng):
    """The inputs and the dtype stay as they are."""
    results = {}
    for dtype in HALF:
        logits = (0.5 + 3 * rng.uniform(3, 7)).to(dtype)
        tokens = shuffled_rows(rng, [[2, 3, 5, rng.integer(0, 2)]] * 3)
        result = lib.sampling.repetition_penalty(logits, tokens, 1.7)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": [logits, tokens]}
    return results


@probe(exercise="penalty", points=1)
def nothing_to_lower(lib, rng):
    """An impossible token stays so, 0 stays 0, and a row without tokens stays as it is."""
    logits, ask = 0.5 + 3 * rng.uniform(3, 7), lib.sampling.repetition_penalty
    logits[:, 2:4] = torch.tensor([-torch.inf, 0.0])
    tokens = shuffled_rows(rng, [[2, 3, 5, rng.integer(0, 2)]] * 3)
    return {"tokens": ask(logits.clone(), tokens, 1.7), "no tokens": ask(logits.clone(), tokens[:, :0], 2.0)}


@probe(exercise="penalty", points=1)
def rewards(lib, rng):
    """A penalty below 1 rewards: the same rule the other way."""
    logits, tokens = 0.5 + rng.uniform(2, 5), rng.permutation(5)[None, :2].expand(2, -1)
    below_one = 0.4 + rng.uniform(1).item() / 2
    return or_refused(lambda: lib.sampling.repetition_penalty(logits.clone(), tokens, below_one))


@probe(exercise="penalty", points=1)
def bad_penalties(lib, rng):
    """ValueError for a penalty that is not above 0, and for no other."""
    logits, tokens = 0.5 + rng.uniform(2, 5), rng.permutation(5)[None, :2].expand(2, -1)
    ask = lambda penalty: lib.sampling.repetition_penalty(logits.clone(), tokens, penalty)  # noqa: E731
    return refusals(rng, ask, good=[1.0, 1.5, 3.0], bad=[-1.0, 0.0, float("nan")])
