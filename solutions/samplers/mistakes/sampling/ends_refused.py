"""You refuse p = 0 and p = 1. Both make sense: 0 keeps the most probable token alone, 1 keeps everything."""

_right = keep_top_p


def keep_top_p(logits, p):
    if not 0 < p < 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    return _right(logits, p)
