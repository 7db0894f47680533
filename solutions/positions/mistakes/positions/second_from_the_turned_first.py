"""When you compute a pair's second number, its first has already been overwritten by the result. Both
need the two numbers as they came in."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    first = first * cos - second * sin
    second = first * sin + second * cos
    return torch.stack([first, second], dim=-1).flatten(-2).to(x.dtype)
