"""You cut positions to whole numbers. They may lie between two tokens: a model's context is stretched by
counting in halves, for instance."""

_right = rope_angles


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    return _right(positions.long(), K, base, dtype)
