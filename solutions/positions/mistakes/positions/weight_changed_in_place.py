"""You write the reordered rows into the weight you were given, so the model it came from is spoilt, and a
second call reorders again. Return a new tensor."""

_to_half, _to_interleaved = interleaved_to_half, half_to_interleaved


def interleaved_to_half(weight, n_heads):
    weight[:] = _to_half(weight, n_heads).clone()
    return weight


def half_to_interleaved(weight, n_heads):
    weight[:] = _to_interleaved(weight, n_heads).clone()
    return weight
