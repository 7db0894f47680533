"""You read neighbours, x[2i] and x[2i + 1], but write the results as two halves. Scores come out right as
long as queries and keys are both treated so; the promise is that each number stays in its place."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.to(x.dtype)
