"""You drop axes of size 1. A batch of one with one head is still (1, 1, T, K): print your result's shape."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q, k, v, mask).squeeze()
