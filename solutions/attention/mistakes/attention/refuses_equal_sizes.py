"""Your causal_mask refuses S = T, the most usual case. Only S < T has no meaning."""

_right = causal_mask


def causal_mask(T, S=None):
    if S is not None and S <= T:
        raise ValueError(f"S={S} must be larger than T={T}")
    return _right(T, S)
