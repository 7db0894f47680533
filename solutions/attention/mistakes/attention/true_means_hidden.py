"""Your causal mask is True where a query may not look. Here True means "may look", the opposite of what
nn.MultiheadAttention takes."""

_right = causal_mask


def causal_mask(T, S=None):
    return ~_right(T, S)
