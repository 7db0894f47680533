"""Inputs that the probes of this assignment share.

Random functions are asked so that all right programs give the same value, however they use random numbers.
Handed-over uniform numbers keep away from the border between two tokens (by 1/128, where probabilities are
whole 64ths), so that no rounding decides; borders have a probe of their own, with numbers that every dtype
holds exactly. Where `draw` draws by itself, counts come back rounded to eighths or quarters; the docstrings
say how rarely a right program fails by chance. Models of whole texts are sure: all other tokens are so far
below that their probability is 0 in every dtype.

What tells a right program from a wrong one (a tie, an impossible token, a row far below) is put into the
inputs, never left to chance; where it may be absent too, some rows have it and some have not.
"""

import torch

from check import raised

HALF = (torch.float16, torch.bfloat16)
SURE = 1000.0  # exp(-1000) is 0 in float64


def drawn_shares(rng, B, V, total=64):
    """Return (B, V) whole numbers, many of them equal and some of them 0, that sum to total in each row."""
    cuts = rng.integers(0, total + 1, B, V - 1).sort(dim=-1).values
    zero, end = torch.zeros(B, 1, dtype=torch.int64), torch.full((B, 1), total)
    return torch.cat([cuts, end], dim=-1) - torch.cat([zero, cuts], dim=-1)


def odd(rng, *shape, parts=64):
    """Return numbers in the middle between two neighbouring multiples of 1 / parts."""
    return (2 * rng.integers(0, parts, *shape) + 1) / (2 * parts)


def shuffled_rows(rng, rows):
    """Return a tensor of these rows, each in a random order of its own."""
    return torch.stack([torch.as_tensor(row)[rng.permutation(len(row))] for row in rows])


def distinct(rng, B, V):
    """Return (B, V) numbers in random order, no two of a row closer than 1/2."""
    return shuffled_rows(rng, [torch.arange(V).float() - V // 2] * B) + rng.uniform(B, V) / 2


def probabilities(logits):
    """Return the probabilities that logits stand for, which no shift of a row changes, in their dtype."""
    return logits.double().softmax(dim=-1).to(logits.dtype)


def or_refused(call):
    """Return what call gives, or "refused" if it raises ValueError or fails an assertion."""
    got = []
    error = raised(lambda: got.append(call()))
    if error in ("ValueError", "AssertionError"):
        return "refused"
    return got[0] if got else call()  # any other error with its message and its place


def refusals(rng, call, good, bad):
    """Return whether call raises ValueError for all bad settings, and nothing for the good ones.

    They are asked in random order, and a drawn number stands beside both, so that neither can be guessed.
    """
    kinds = [*((setting, "nothing") for setting in good), *((setting, "ValueError") for setting in bad)]
    right = {"nothing": True, "ValueError": True}
    for setting, wanted in in_random_order(rng, kinds):
        right[wanted] &= raised(call, setting) == wanted
    number = rng.integer(0, 2**40)
    return {
        "refuses the bad ones": f"{'all' if right['ValueError'] else 'not all'}, {number}",
        "takes the good ones": f"{'all' if right['nothing'] else 'not all'}, {number}",
    }


def far_below(logits, as_number):
    """Return the logits with this number in place of all finite ones below -10,000.

    As -inf they are forgiven, where something else is asked; as any other number all of them are the same mistake.
    """
    return torch.where(logits.isfinite() & (logits < -1e4), as_number, logits)


def forgiven(logits):
    """Return the logits with -inf in place of all numbers far below. Exactly -inf is asked by one probe alone."""
    return far_below(logits, -torch.inf)


def order_of_equals(rng, logits, results):
    """Return the lowest logit that each result leaves in each row, and a drawn number behind them.

    It is 1 more if some token is kept while an earlier one with the same logit is not: so a program gives the same,
    whichever others it keeps. All is one tensor, of which a part alone is no match.
    """
    kept = [result == logits for result in results]  # what takes the others' place is asked elsewhere
    lowest = [logits.masked_fill(~one, torch.inf).amin(dim=-1) for one in kept]
    equal = logits[:, :, None] == logits[:, None, :]
    passed_over = any((equal & ~one[:, :, None] & one[:, None, :]).triu(1).any() for one in kept)
    return torch.cat([*lowest, torch.tensor([float(rng.integer(0, 1000) + passed_over)])])


def in_random_order(rng, kinds, times=1):
    """Return a list in which each of the kinds occurs as many times."""
    return [kinds[n % len(kinds)] for n in rng.permutation(times * len(kinds)).tolist()]
