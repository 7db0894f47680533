"""You turn in float32 whatever comes in, so float64 loses half of its digits. Only half precision has to
be widened."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x.float(), positions, base).to(x.dtype)
