"""Your nucleus has the right size, but of equal logits it holds the last ones. The first are asked: look at
how your sort orders equals."""

_right = keep_top_p


def keep_top_p(logits, p):
    return _right(logits.flip(-1), p).flip(-1)
