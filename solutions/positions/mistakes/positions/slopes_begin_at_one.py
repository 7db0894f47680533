"""Your first slope is 1. The sequence begins with its own ratio, 2^(-8/n), and its last slope is 2^-8."""


def alibi_slopes(n_heads):
    power = 1 << (n_heads.bit_length() - 1)
    slopes = [2 ** (-8 * h / power) for h in range(power)]
    between = [2 ** (-8 * h / (2 * power)) for h in range(0, 2 * power, 2)]
    return torch.tensor(slopes + between[: n_heads - power])
