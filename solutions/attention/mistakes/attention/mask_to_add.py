"""Your causal mask holds 0 and -inf, to be added to the scores. Here a mask is boolean, True = may look."""

_right = causal_mask


def causal_mask(T, S=None):
    mask = _right(T, S)
    return torch.zeros(mask.shape).masked_fill(~mask, -torch.inf)
