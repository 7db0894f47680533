"""You refuse an odd D. Sinusoids are added, not turned, so they need no whole pairs: the last column is a
sine without its cosine."""

_right = sinusoidal


def sinusoidal(T, D, base=10000.0, offset=0):
    if D % 2:
        raise ValueError(f"D={D} must be even")
    return _right(T, D, base, offset)
