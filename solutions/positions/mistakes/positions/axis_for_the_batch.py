"""You give the table an axis of size 1 for the batch. It is (T, D); added to x (B, T, D) it broadcasts by
itself."""

_right = sinusoidal


def sinusoidal(T, D, base=10000.0, offset=0):
    return _right(T, D, base, offset).unsqueeze(0)
