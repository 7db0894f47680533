"""You refuse bad input with assert, which raises AssertionError and vanishes under `python -O`. The
docstrings promise a ValueError."""

_right_causal, _right_padding = causal_mask, padding_mask


def causal_mask(T, S=None):
    assert S is None or S >= T
    return _right_causal(T, S)


def padding_mask(lengths, S):
    assert (lengths >= 0).all()
    assert (lengths <= S).all()
    return _right_padding(lengths, S)
