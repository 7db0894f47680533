"""Your causal mask does not use S: causal_mask(2, 4) should have a column for each of the 4 keys."""

_right = causal_mask


def causal_mask(T, S=None):
    return _right(T, S)[:, :T].tril()
