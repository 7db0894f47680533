"""One number at a time, by the standard library."""

import math


def sinusoidal(T, D, base=10000.0, offset=0):
    rows = []
    for position in range(offset, offset + T):
        row = []
        for column in range(D):
            angle = position / base ** ((column - column % 2) / D)
            row.append(math.cos(angle) if column % 2 else math.sin(angle))
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float32).reshape(T, D)
