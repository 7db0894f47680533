"""Your frequencies run down to exactly 1/base in the last pair, with exponent i/(D/2 - 1). In the paper's
formula the exponent is 2i/D, which never quite reaches 1."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (
        torch.arange((D + 1) // 2, dtype=torch.float64) / max((D + 1) // 2 - 1, 1)
    )
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
