"""Your causal mask keeps the wrong triangle: queries see themselves and what comes after. Rows are
queries and columns are keys; the last row should be all True."""

_right = causal_mask


def causal_mask(T, S=None):
    keys = _right(T, S).shape[1]
    return torch.ones(T, keys, dtype=torch.bool).triu(diagonal=keys - T)
