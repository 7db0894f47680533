"""You take row r for head r % H. A head owns K neighbouring rows, h*K to (h+1)*K: n_heads comes first
when you split the axis."""


def interleaved_to_half(weight, n_heads):
    return weight.unflatten(0, (-1, 2, n_heads)).transpose(0, 1).reshape(weight.shape)


def half_to_interleaved(weight, n_heads):
    return weight.unflatten(0, (2, -1, n_heads)).transpose(0, 1).reshape(weight.shape)
