"""Both of your functions go the same way, from pairs to halves. half_to_interleaved should undo the other
one: look at the order of the 2 and the K/2. With K = 4 the two ways are the same, so try K = 6."""

_to_half = interleaved_to_half


def half_to_interleaved(weight, n_heads):
    return _to_half(weight, n_heads)
