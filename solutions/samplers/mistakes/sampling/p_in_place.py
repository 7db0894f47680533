"""The result is right, but you write it into the logits you were given. Whoever called you wants to use them
again."""

_right = keep_top_p


def keep_top_p(logits, p):
    return logits.copy_(_right(logits, p))
