"""x times the cosine plus its exchanged neighbours times the sine, as in the paper's equation."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape == (T,):
        positions = positions.repeat(B, 1)
    if positions.shape != (B, T):
        raise ValueError(f"{tuple(positions.shape)} is not {(B, T)}")
    angles = rope_angles(positions, K, base, dtype=torch.float64).repeat_interleave(2, dim=-1)[:, None]
    neighbours = torch.empty_like(x, dtype=torch.float64)
    neighbours[..., ::2] = -x[..., 1::2].double()
    neighbours[..., 1::2] = x[..., ::2].double()
    return (x.double() * torch.cos(angles) + neighbours * torch.sin(angles)).to(x.dtype)
