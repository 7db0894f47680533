"""You cast the positions to x's dtype. In float16 every second position from 2048 on does not exist, in
bfloat16 it is so from 256 on: several tokens then share a position."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x, positions.to(x.dtype), base)
