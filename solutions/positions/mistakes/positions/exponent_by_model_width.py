"""You spread the exponents over the whole model width H·K, so that one head gets only the first, fast
ones. Every head has K/2 pairs of its own, from fast to slow."""


def apply_rope(x, positions, base=10000.0):
    B, H, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, H * K, base, torch.float64)[..., : K // 2].unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
