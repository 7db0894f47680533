"""You scale q in place, so the caller's own tensor has changed when you return. Operators such as /= write
into the tensor they are given."""

_right = attend


def attend(q, k, v, mask=None):
    q /= math.sqrt(q.shape[-1])
    return _right(q * math.sqrt(q.shape[-1]), k, v, mask)
