"""You write a power of the base as exp of a logarithm, but that logarithm is the one to base 10. exp
undoes the natural one, `math.log`."""

import math


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] * torch.exp(torch.arange(0, D, 2) * (-math.log10(base) / D))
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
