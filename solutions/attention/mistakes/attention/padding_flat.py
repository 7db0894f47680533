"""Your padding mask has the shape (B, S), which does not broadcast to (B, H, T, S): torch would line B up
with T. Give the heads and the queries an axis of size 1 each."""

_right = padding_mask


def padding_mask(lengths, S):
    return _right(lengths, S)[:, 0, 0]
