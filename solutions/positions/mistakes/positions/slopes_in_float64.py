"""The values are right, but your slopes are float64; the docstring says float32."""

_right = alibi_slopes


def alibi_slopes(n_heads):
    return _right(n_heads).double()
