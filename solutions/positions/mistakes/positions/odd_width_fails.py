"""With an odd D there is one sine more than there are cosines, and yours do not fit into the odd columns.
How many odd columns are there among D?"""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles.cos()
    return table
