"""You need a second axis, but a bias has none: it is (H*K,). Leave the last axes alone instead of naming
them."""


def interleaved_to_half(weight, n_heads):
    rows, D = weight.shape
    return weight.view(n_heads, rows // n_heads // 2, 2, D).transpose(1, 2).reshape(rows, D)


def half_to_interleaved(weight, n_heads):
    rows, D = weight.shape
    return weight.view(n_heads, 2, rows // n_heads // 2, D).transpose(1, 2).reshape(rows, D)
