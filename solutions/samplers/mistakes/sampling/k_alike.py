"""You make all survivors equally probable. Which of the k is drawn still depends on their probabilities: they
keep the logits they had."""

_right = keep_top_k


def keep_top_k(logits, k):
    kept = _right(logits, k)
    return kept.masked_fill(kept > -torch.inf, 0.0)
