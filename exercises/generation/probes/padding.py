"""What the exercise padding asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import bounded, drawn_prompts, in_random_order

from check import probe, value_or


def packed(lib, prompts, pad):
    tokens, lengths = lib.generation.left_pad(prompts, pad)
    return {"tokens": tokens, "lengths": lengths}


@probe(exercise="padding", points=2)
def padded(lib, rng):
    """Prompts stand at the right end of their rows; lengths are those before the padding, whatever id it has."""
    results, pad = {}, rng.integer(100, 200)
    for name, lengths in {"one": [4], "alike": [3, 3], "unlike": [2, 5, 1, 4]}.items():
        results[name] = packed(lib, drawn_prompts(rng, in_random_order(rng, lengths), 90), pad)
    prompts = drawn_prompts(rng, in_random_order(rng, [3, 2, 4]), 90)
    return {**results, "pad begins a prompt": packed(lib, [[pad, *prompt] for prompt in prompts], pad)}


def drawn_lengths(rng, T, full):
    """Return different lengths from 2 on, the longest T where a row is full."""
    return torch.tensor(in_random_order(rng, [2, 3, T if full else T - 1]))


@probe(exercise="padding", points=2)
def positions(lib, rng):
    """The first real token of each row stands at position 0, however much padding is before it."""
    results = {}
    for name, full in {"a full row": True, "none is full": False}.items():
        T = rng.integer(6, 10)
        lengths = drawn_lengths(rng, T, full)
        found = lib.generation.left_positions(lengths, T).expand(len(lengths), T)
        # What stands at the padding is asked elsewhere.
        results[name] = [row[T - n :] for row, n in zip(found, lengths.tolist(), strict=True)]
    return results


@probe(exercise="padding", points=1)
def padding_at_zero(lib, rng):
    """Padding stands at position 0, too."""
    T = rng.integer(6, 10)
    lengths = drawn_lengths(rng, T, full=False)
    found = lib.generation.left_positions(lengths, T).expand(len(lengths), T)
    # At whichever other position it stands is one.
    rows = zip(found.abs().clamp(max=1), lengths.tolist(), strict=True)
    return [row[: T - n] + rng.integer(1, 10**6) for row, n in rows]


def seen_by(lib, lengths, T0, T, S):
    """Return the mask with all its axes; what is no such mask is -1 everywhere."""
    mask, shape = lib.generation.left_mask(lengths, T0, T, S), (len(lengths), 1, T, S)
    none = torch.full(shape, -1, dtype=torch.int8)
    return value_or(none, lambda: bounded(mask).expand(shape) if mask.ndim == 4 else none)


@probe(exercise="padding", points=1)
def mask_of_the_prompts(lib, rng):
    """While the prompts are read, a token sees the real ones up to itself, and neither the padding nor the future."""
    results = {}
    for name, full in {"a full row": True, "none is full": False}.items():
        T0 = rng.integer(6, 9)
        lengths = drawn_lengths(rng, T0, full)
        mask = seen_by(lib, lengths, T0, T0, T0)
        # What the padding itself sees is asked elsewhere.
        results[name] = [row[0, T0 - n :] for row, n in zip(mask, lengths.tolist(), strict=True)]
    return results


@probe(exercise="padding", points=1)
def mask_of_later_tokens(lib, rng):
    """New tokens see all real tokens of the prompt, the new ones before them and themselves."""
    results = {}
    for name, (T, later) in {"the first": (1, 1), "the third": (1, 3), "three at once": (3, 4)}.items():
        T0 = rng.integer(6, 9)
        lengths = drawn_lengths(rng, T0, full=T == 3)
        results[name] = seen_by(lib, lengths, T0, T, T0 + later)
    return results


@probe(exercise="padding", points=1)
def padding_sees_nothing(lib, rng):
    """A token of the padding sees nothing, not even itself."""
    T0 = rng.integer(6, 9)
    lengths = drawn_lengths(rng, T0, full=False)
    mask = seen_by(lib, lengths, T0, T0, T0)
    results = []
    for row, n in zip(mask[:, 0], lengths.tolist(), strict=True):
        padding, others = row[: T0 - n].long().split([T0 - n, n], dim=1)
        # Of the padding it does not matter which, of the others a sum says what else is wrong.
        flags, sums = padding.abs().amax(dim=-1), others @ rng.integers(10**6, 10**7, n)
        results += [rng.integers(1, 10**6, T0 - n) * (1 - 2 * flags), rng.integers(1, 10**6, T0 - n) + sums]
    return results
