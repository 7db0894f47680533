"""Every column has an angle of its own, so your cosines belong to other angles than the sines beside
them. The two columns of a pair share the exponent 2i/D."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    columns = torch.arange(D)
    angles = positions[:, None] / base ** (columns.double() / D)
    return torch.where(columns % 2 == 0, angles.sin(), angles.cos()).float()
