"""Each of your two functions does the other's work. With K = 4 they are the same, so try K = 6: the rows
0 to 5 should become 0, 2, 4, 1, 3, 5."""

_to_half, _to_interleaved = interleaved_to_half, half_to_interleaved


def interleaved_to_half(weight, n_heads):
    return _to_interleaved(weight, n_heads)


def half_to_interleaved(weight, n_heads):
    return _to_half(weight, n_heads)
