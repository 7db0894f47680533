"""Your speeds 1 / base^(2i/D) are float32, and so is what you multiply them with: at position 1,000,000
the last digit of a speed is worth some hundredths of a radian. torch divides whole numbers into float32,
so ask for float64."""


def sinusoidal(T, D, base=10000.0, offset=0):
    speeds = 1.0 / base ** (torch.arange(0, D, 2) / D)
    angles = torch.arange(offset, offset + T)[:, None] * speeds
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
