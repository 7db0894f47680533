"""You set what goes to a large negative number. Its probability is small, not zero, and to the next filter it
looks like any other logit. Minus infinity exists in every dtype."""

_right = keep_top_k


def keep_top_k(logits, k):
    kept = _right(logits, k)
    return kept.masked_fill(kept == -torch.inf, -1e4)
