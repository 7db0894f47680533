"""You put all sines before all cosines. They alternate here: column 2i is a sine and column 2i + 1 the
cosine of the same angle. Some libraries do it your way, but a table and a model have to agree."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    return torch.cat([angles.sin(), angles[:, : D // 2].cos()], dim=1).float()
