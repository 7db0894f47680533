"""All your pairs turn equally fast: column 2 is the same as column 0. Print the exponents 2i/D; // cuts
every one of them to 0."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2) // D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
