"""The authors' own way: the slopes of twice a number, thinned out."""

import math


def alibi_slopes(n_heads):
    return torch.tensor(_slopes(n_heads))


def _slopes(n):
    if math.log2(n).is_integer():
        ratio = 2 ** (-8 / n)
        return [ratio * ratio**h for h in range(n)]
    smaller = 2 ** math.floor(math.log2(n))
    return _slopes(smaller) + _slopes(2 * smaller)[::2][: n - smaller]


def alibi_bias(n_heads, T, S):
    if T > S:
        raise ValueError(f"{T} > {S}")
    return torch.stack([-slope * torch.cdist(*_positions(T, S), p=1) for slope in alibi_slopes(n_heads)])


def _positions(T, S):
    positions = torch.arange(S).float()[:, None]
    return positions[S - T :], positions
