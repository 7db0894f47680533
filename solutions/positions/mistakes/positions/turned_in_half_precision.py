"""You multiply and add in half precision. Where two large products nearly cancel, their rounding is all
that is left: turn in float32 and go back to x's dtype at the end."""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = x.dtype
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
