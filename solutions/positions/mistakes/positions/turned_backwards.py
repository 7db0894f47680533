"""You turn the other way round: (1, 0) at position 1 should become (cos 1, sin 1), with a positive
sine."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x, -positions, base)
