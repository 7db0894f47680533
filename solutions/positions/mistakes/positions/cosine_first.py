"""You begin each pair with the cosine. Row 0 of the table should read 0, 1, 0, 1: the sine of 0 comes
first."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.cos()
    table[:, 1::2] = angles[:, : D // 2].sin()
    return table
