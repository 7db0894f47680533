"""Your first row is position 0 whatever offset says. Row t stands for position offset + t."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
