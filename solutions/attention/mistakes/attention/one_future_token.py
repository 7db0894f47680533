"""Your causal mask lets every query see one token too many, the next one, which is just what the model
is to predict. Print causal_mask(3): the first row should have a single True."""

_right = causal_mask


def causal_mask(T, S=None):
    keys = _right(T, S).shape[1]
    return torch.ones(T, keys, dtype=torch.bool).tril(diagonal=keys - T + 1)
