"""For a number that is no power of two you take the first slopes of the next larger power. Take all of
the next smaller one, and only what is missing from the larger."""


def alibi_slopes(n_heads):
    power = 1 << (n_heads - 1).bit_length()
    return torch.tensor([2 ** (-8 * h / power) for h in range(1, n_heads + 1)])
