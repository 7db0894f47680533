"""Your result is the same with and without a mask: the mask is never used."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q, k, v)
