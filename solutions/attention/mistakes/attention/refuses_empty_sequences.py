"""Your padding_mask refuses the length 0. An empty sequence is all padding, and that is allowed."""

_right = padding_mask


def padding_mask(lengths, S):
    if (lengths < 1).any():
        raise ValueError("a length is less than 1")
    return _right(lengths, S)
