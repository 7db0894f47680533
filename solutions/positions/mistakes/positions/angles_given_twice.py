"""Your rope_angles returns K angles, each twice. A pair has one angle: the result is (..., K/2)."""

_right = rope_angles


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    angles = _right(positions, K, base, dtype)
    return torch.cat([angles, angles], dim=-1)


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64)[..., : K // 2].unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    pairs = torch.view_as_complex(x.to(wide).unflatten(-1, (-1, 2)).contiguous())
    turned = pairs * torch.polar(torch.ones_like(angles), angles).to(pairs.dtype)
    return torch.view_as_real(turned).flatten(-2).to(x.dtype)
