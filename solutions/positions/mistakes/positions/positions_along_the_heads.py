"""You take x for (B, T, H, K) and turn along axis 1, where the heads are. x is (B, H, T, K): line the
angles up with axis 2."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-2)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
