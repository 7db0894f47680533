"""Points on the unit circle; the last cosine of an odd width is cut off."""


def sinusoidal(T, D, base=10000.0, offset=0):
    speeds = torch.logspace(0, -2 * ((D - 1) // 2) / D, (D + 1) // 2, base=base, dtype=torch.float64)
    angles = (offset + torch.arange(T).double()).unsqueeze(1) * speeds
    points = torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(points).flip(-1).flatten(1)[:, :D].float()
