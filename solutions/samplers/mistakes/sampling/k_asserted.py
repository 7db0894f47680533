"""You refuse a k below 1 with assert, which raises AssertionError and vanishes under `python -O`. The
docstring promises a ValueError."""

_right = keep_top_k


def keep_top_k(logits, k):
    assert k >= 1
    return _right(logits, k)
