"""Your exponent is i/D where the formula has 2i/D, with i counting pairs: the last pair should come close
to 1/base, yours stops at its square root."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange((D + 1) // 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
