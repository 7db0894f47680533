"""With positions (B, T) you turn every sequence by the positions of the first. Each has its own row."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    _right(x, positions, base)
    return _right(x, positions.reshape(-1, x.shape[2])[0], base)
