"""Your padding mask has the shape (B, 1, S, 1), which hides queries. What must be hidden is keys, and
they lie on the last axis of the scores (B, H, T, S)."""

_right = padding_mask


def padding_mask(lengths, S):
    return _right(lengths, S).transpose(-2, -1)
