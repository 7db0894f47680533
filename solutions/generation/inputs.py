"""Inputs that the probes of this assignment share: models with a cache, and lists of numbers as tensors.

What tells a right program from a wrong one is planted: the row that is shorter, the token that is the padding, the
guess that must go. A model counts what it reads in whole numbers, so that nothing hangs on the last digit.
"""

import torch


def in_random_order(rng, items):
    """Return the items in a drawn order."""
    return [items[i] for i in rng.permutation(len(items)).tolist()]


def listed(rows):
    """Return lists of numbers as one tensor: the members of each and -1 after it."""
    return torch.tensor([int(i) for row in rows for i in [*row, -1]], dtype=torch.int64)


def drawn_prompts(rng, lengths, V):
    """Return a prompt of each length, of tokens from 0 to V - 1."""
    return [rng.integers(0, V, length).tolist() for length in lengths]


def bounded(mask):
    """Return a mask with -1 for what is lower: of one that is to be added, how low a number hides does not matter."""
    return mask.clamp(min=-1) if mask.is_floating_point() else mask


class Decoder:
    """Two layers of attention over what the cache holds, with drawn weights; it reads positions and masks, too.

    Of what the cache returns too much it sees one place, so that a value does not tell how large a room is.
    """

    n_layers, context = 2, 64

    def __init__(self, rng, V=7, D=6):
        self.table, self.places = rng.normal(V, D), rng.normal(self.context, D)
        self.weights = [[rng.normal(D, D) / D**0.5 for _ in range(3)] for _ in range(self.n_layers)]

    def __call__(self, tokens, cache=None, positions=None, mask=None):
        B, T = tokens.shape
        before = 0 if cache is None else cache.length
        positions = torch.arange(before, before + T) if positions is None else positions
        x = self.table[tokens] + self.places[positions]
        for layer, parts in enumerate(self.weights):
            q, k, v = ((x @ part)[:, None] for part in parts)
            k, v = (k, v) if cache is None else (x[:, :, : before + T + 1] for x in cache.append(layer, k, v))
            S = k.shape[2]
            seen = torch.ones(T, S, dtype=torch.bool).tril(S - T) if mask is None else mask
            scores = (q @ k.transpose(-2, -1)).masked_fill(~seen, -1e9)
            x = x + (scores.softmax(dim=-1) @ v)[:, 0]
        return x @ self.table.T


class Hashing:
    """Its next token is a sum over all tokens that it sees, each times a number of its position, modulo the prime V.

    No product is 0 modulo V and no two positions have the same number, so that a token too many, or one at another
    place, always changes what comes next. Where the mask is for more keys than the cache has the newest are taken, where
    it is for fewer the oldest: a value names a mistake, an error about shapes does not. It counts in `read` the tokens
    that it was given.
    """

    n_layers, context, V = 1, 1000, 97

    def __init__(self, rng):
        self.factors, self.read = 1 + rng.permutation(self.V - 1).double(), 0

    def __call__(self, tokens, cache=None, positions=None, mask=None):
        B, T = tokens.shape
        self.read += B * T
        before = 0 if cache is None else cache.length
        if positions is None:
            positions = torch.arange(before, before + T).expand(B, T)
        if positions.shape[-1] == 1:
            positions = positions.expand(B, T)
        numbers = 1 + tokens.double() % (self.V - 1)
        k, v = (x[:, None, :, None] for x in (numbers, self.factors[positions % (self.V - 1)]))
        k, v = (k, v) if cache is None else cache.append(0, k, v)
        S = k.shape[2]
        seen = torch.ones(T, S, dtype=torch.bool).tril(S - T) if mask is None else mask
        seen = bounded(seen)
        M = min(S, seen.shape[-1]) if seen.shape[-1] > 1 else S
        sums = (seen[..., -M:].expand(B, 1, T, M).double() @ (k * v)[:, :, :M])[:, 0, :, 0]
        return ranked((sums % self.V).long(), self.V)


class Counting:
    """Its next token is one more than the last, whatever stood before, so that prompts say when a row comes to a stop."""

    n_layers, context = 1, 1000

    def __init__(self):
        self.V, self.read = 60, 0

    def __call__(self, tokens, cache=None, positions=None, mask=None):
        self.read += tokens.numel()
        if cache is not None:
            nothing = torch.zeros(len(tokens), 1, tokens.shape[1], 1)
            cache.append(0, nothing, nothing)
        return ranked((tokens + 1) % self.V, self.V)


def ranked(tokens, V):
    """Return logits (B, T, V) of which these tokens are the highest, those after them the second, and so on."""
    return -((torch.arange(V) - tokens[..., None]) % V).float()
