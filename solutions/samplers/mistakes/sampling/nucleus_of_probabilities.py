"""Your keep_top_p gives probabilities, and 0 for what goes. It is asked for logits, and for -inf: the softmax
comes at the end."""

_right = keep_top_p


def keep_top_p(logits, p):
    return _right(logits, p).softmax(dim=-1)
