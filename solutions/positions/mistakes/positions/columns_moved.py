"""You reorder the columns, which are the features that go in. The pairs are among the rows, the features
that come out."""

_to_half, _to_interleaved = interleaved_to_half, half_to_interleaved


def interleaved_to_half(weight, n_heads):
    return _to_half(weight.transpose(0, -1), n_heads).transpose(0, -1)


def half_to_interleaved(weight, n_heads):
    return _to_interleaved(weight.transpose(0, -1), n_heads).transpose(0, -1)
