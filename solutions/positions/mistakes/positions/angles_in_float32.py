"""Far from position 0 your values are off: float32 steps by 0.06 near 1,000,000, and an angle needs far
smaller steps. Take positions and angles in float64, and round the sines and cosines at the end."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float32)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float32) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
