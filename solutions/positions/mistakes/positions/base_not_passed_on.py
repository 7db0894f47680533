"""Your apply_rope does not hand its base on to rope_angles, which then takes 10000: the result is the
same for every base."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x, positions)
