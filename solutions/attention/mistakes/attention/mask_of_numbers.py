"""Your causal mask holds the numbers 1.0 and 0.0. A mask is boolean: look at its dtype."""

_right = causal_mask


def causal_mask(T, S=None):
    return _right(T, S).float()
