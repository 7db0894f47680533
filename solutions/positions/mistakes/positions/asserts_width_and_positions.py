"""You refuse bad input with assert, which raises AssertionError and vanishes under `python -O`. The
docstrings promise a ValueError."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    assert K % 2 == 0
    assert positions.shape in ((T,), (B, T))
    return _right(x, positions, base)
