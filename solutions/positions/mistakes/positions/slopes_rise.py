"""Your slopes rise from head to head. Head 0 has the steepest, 2^(-8/n), and the last of n the flattest,
2^-8."""

_right = alibi_slopes


def alibi_slopes(n_heads):
    return _right(n_heads).flip(0)
