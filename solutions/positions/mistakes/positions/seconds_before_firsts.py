"""The first half should hold the first number of each pair, and the second half the second. Yours are
exchanged."""


def interleaved_to_half(weight, n_heads):
    return weight.unflatten(0, (n_heads, -1, 2)).flip(2).transpose(1, 2).reshape(weight.shape)


def half_to_interleaved(weight, n_heads):
    return weight.unflatten(0, (n_heads, 2, -1)).flip(1).transpose(1, 2).reshape(weight.shape)
