"""Position 0 should change nothing, yet yours turns. Use the positions as they are, without adding 1."""

_right = rope_angles


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    return _right(positions + 1, K, base, dtype)
