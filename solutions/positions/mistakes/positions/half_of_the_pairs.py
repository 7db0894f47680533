"""You turn only the first half of each head and let the rest pass. Some models do, on purpose; here every
pair turns."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    turned, half = turned.flatten(-2).to(x.dtype), max(2, K // 4 * 2)
    return torch.cat([turned[..., :half], x[..., half:]], dim=-1)
