"""The values are right, but no gradient reaches x: somewhere the graph is cut, by detach, .data, numpy or
no_grad. Only the angles need no gradient."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    return _right(x.detach(), positions, base) + 0 * x.sum()
