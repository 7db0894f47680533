"""You make all tokens of the nucleus equally probable. Which of them is drawn still depends on their
probabilities: they keep the logits they had."""

_right = keep_top_p


def keep_top_p(logits, p):
    kept = _right(logits, p)
    return kept.masked_fill(kept > -torch.inf, 0.0)
