"""Your padding mask hides the beginning of each sequence. The padding stands after the real tokens."""

_right = padding_mask


def padding_mask(lengths, S):
    return _right(lengths, S).flip(-1)
