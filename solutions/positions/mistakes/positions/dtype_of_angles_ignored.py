"""Your rope_angles always returns float32, whatever dtype says. Compute in float64 and round to dtype
last."""

_right = rope_angles


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    return _right(positions, K, base)
