"""You compare the queries with v and mix k. Keys say where to look; values are what is found there."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q, v, k, mask)
