"""For a number that is no power of two you add the first slopes of twice that power one after the other.
Take every other one: the first, third, fifth."""


def alibi_slopes(n_heads):
    power = 1 << (n_heads.bit_length() - 1)
    slopes = [2 ** (-8 * h / power) for h in range(1, power + 1)]
    between = [2 ** (-8 * h / (2 * power)) for h in range(1, 2 * power)]
    return torch.tensor(slopes + between[: n_heads - power])
