"""You halve the slope from head to head, which is right for 8 heads only. The ratio is 2^(-8/n): with 16
heads the slopes fall more slowly, with 4 faster, and the last is always 2^-8."""


def alibi_slopes(n_heads):
    power = 1 << (n_heads.bit_length() - 1)
    slopes = [2.0**-h for h in range(1, power + 1)]
    between = [2.0**-h for h in range(1, 2 * power, 2)]
    return torch.tensor(slopes + between[: n_heads - power])
