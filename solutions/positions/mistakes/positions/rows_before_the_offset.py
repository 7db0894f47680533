"""You return offset + T rows, beginning with position 0. Only the T rows from offset on are asked for."""

_right = sinusoidal


def sinusoidal(T, D, base=10000.0, offset=0):
    return _right(offset + T, D, base)
