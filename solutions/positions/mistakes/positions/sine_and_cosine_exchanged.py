"""At position 0 nothing should turn, but you exchange the two numbers of each pair. cos 0 is 1 and sin 0
is 0: which one stands where?"""


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}")
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    sin, cos = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
