"""Your angles are the same for every base. Use the argument in place of the 10000: Llama 3 has 500000."""

_right = rope_angles


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    return _right(positions, K, 10000.0, dtype)
