"""With an odd D you return D - 1 columns. The last column is a sine without its cosine."""


def sinusoidal(T, D, base=10000.0, offset=0):
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D - 1, 2, dtype=torch.float64) / D)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1).float()
