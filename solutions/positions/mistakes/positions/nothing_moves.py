"""Your result is the weight as it was: reshaping there and back moves no number. Between the two, two
axes have to be exchanged."""


def interleaved_to_half(weight, n_heads):
    return weight.unflatten(0, (n_heads, -1, 2)).reshape(weight.shape)


def half_to_interleaved(weight, n_heads):
    return weight.unflatten(0, (n_heads, 2, -1)).reshape(weight.shape)
