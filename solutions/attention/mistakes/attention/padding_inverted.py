"""Your padding mask is True at the padding. True means "may look": it belongs to the real tokens."""

_right = padding_mask


def padding_mask(lengths, S):
    return ~_right(lengths, S)
