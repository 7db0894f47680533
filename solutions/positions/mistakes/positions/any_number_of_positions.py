"""You accept positions that are not one for each token. A single position is the dangerous case: it
broadcasts, and turns every token alike."""


def apply_rope(x, positions, base=10000.0):
    K = x.shape[-1]
    angles = rope_angles(positions, K, base, torch.float64).unsqueeze(-3)
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
