"""Your causal mask hides each token from itself. Print causal_mask(3): the diagonal should be True, and
the first query sees nothing at all."""

_right = causal_mask


def causal_mask(T, S=None):
    mask = _right(T, S)
    return mask.tril(diagonal=mask.shape[1] - T - 1)
