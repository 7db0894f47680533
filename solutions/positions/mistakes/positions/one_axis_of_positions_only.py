"""Your apply_rope takes positions (T,), but refuses (B, T), where each sequence of a batch has its
own."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    if positions.shape != x.shape[2:3]:
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    return _right(x, positions, base)
