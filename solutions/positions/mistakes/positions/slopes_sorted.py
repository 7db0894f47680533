"""You sort the slopes. For a number that is no power of two those of the smaller power come first, and
the others after them: with 6 heads the fifth slope is 1/2."""

_right = alibi_slopes


def alibi_slopes(n_heads):
    return _right(n_heads).sort(descending=True).values
