"""You split all rows into two halves at once, so that a pair ends up in two different heads. Every head
is converted by itself: use n_heads."""

_to_half, _to_interleaved = interleaved_to_half, half_to_interleaved


def interleaved_to_half(weight, n_heads):
    return _to_half(weight, 1)


def half_to_interleaved(weight, n_heads):
    return _to_interleaved(weight, 1)
