"""The result is right, but you write it into the logits you were given. Whoever called you wants to use them
again: make a new tensor."""

_right = keep_top_k


def keep_top_k(logits, k):
    return logits.copy_(_right(logits, k))
