"""What you add for a number that is no power of two are slopes that are there already. Of twice the
power, take the first, third, fifth, which lie between them."""


def alibi_slopes(n_heads):
    power = 1 << (n_heads.bit_length() - 1)
    slopes = [2 ** (-8 * h / power) for h in range(1, power + 1)]
    between = [2 ** (-8 * h / (2 * power)) for h in range(2, 2 * power + 1, 2)]
    return torch.tensor(slopes + between[: n_heads - power])
