"""You hide the keys where the mask is True. True means "may look"."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q, k, v, None if mask is None else ~mask)
