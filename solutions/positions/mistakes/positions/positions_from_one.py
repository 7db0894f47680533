"""You count positions from 1. Print your row 0: at position 0 every sine is 0 and every cosine is 1."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset + 1, offset + T + 1, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
