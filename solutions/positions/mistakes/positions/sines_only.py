"""All your columns are sines, each twice. The odd columns hold cosines: without them a sine alone does
not tell whether it is rising or falling."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].sin()
    return table
