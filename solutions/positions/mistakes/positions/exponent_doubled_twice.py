"""Your exponent is 4i/D where the formula has 2i/D, with i counting pairs. If you step through the
columns two at a time, their numbers are 2i already."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (2 * torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
