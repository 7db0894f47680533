"""You use 2^(-8h/n) for every number of heads. The published formula is for powers of two; any other
number takes the slopes of the power below it and, after these, every other slope of twice that power."""


def alibi_slopes(n_heads):
    return torch.tensor([2 ** (-8 * h / n_heads) for h in range(1, n_heads + 1)])
