"""Your bias is (H, S, T). Rows are queries and columns are keys: (H, T, S)."""

_right = alibi_bias


def alibi_bias(n_heads, T, S):
    return _right(n_heads, T, S).transpose(1, 2)
