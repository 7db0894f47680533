"""Your scores rise with the distance. The bias is negative: what is far away should count less."""

_right = alibi_bias


def alibi_bias(n_heads, T, S):
    return _right(n_heads, T, S).abs()
