"""Inputs that the probes of this assignment share.

Random functions are asked so that all right programs give the same value, however they use random numbers.
Handed-over uniform numbers keep away from the border between two tokens (by 1/128, where probabilities are
whole 64ths), so that no rounding decides; borders have a probe of their own, with numbers that every dtype
holds exactly. Where `generate` draws by itself, the probabilities are whole eighths or quarters, and counts
come back rounded to these. The docstrings say how rarely a right program fails by chance: always less than
once in a million gradings.
"""

import torch

HALF = (torch.float16, torch.bfloat16)


def drawn_shares(rng, B, V, total=64):
    """Return (B, V) whole numbers, many of them equal and some of them 0, that sum to total in each row."""
    cuts = rng.integers(0, total + 1, B, V - 1).sort(dim=-1).values
    zero, end = torch.zeros(B, 1, dtype=torch.int64), torch.full((B, 1), total)
    return torch.cat([cuts, end], dim=-1) - torch.cat([zero, cuts], dim=-1)


def odd(rng, *shape, parts=64):
    """Return numbers in the middle between two neighbouring multiples of 1 / parts."""
    return (2 * rng.integers(0, parts, *shape) + 1) / (2 * parts)


def possible(logits):
    """Return the probabilities that logits stand for, which no shift of a row changes, in their dtype."""
    return logits.double().softmax(dim=-1).to(logits.dtype)


def shuffled(rng, numbers, V):
    """Return V numbers in random order: those given, and zeros."""
    filled = torch.zeros(V, dtype=torch.float64)
    filled[rng.permutation(V)[: len(numbers)]] = torch.tensor(numbers, dtype=torch.float64)
    return filled
