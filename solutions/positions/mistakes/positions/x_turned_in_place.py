"""You write the result into x, so the caller's queries have changed when you return, and a second call
turns them twice. Make a new tensor."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    turned = _right(x, positions, base)
    x[..., 0::2], x[..., 1::2] = turned[..., 0::2], turned[..., 1::2]
    return x
