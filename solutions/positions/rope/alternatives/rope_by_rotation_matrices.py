"""A 2 by 2 matrix for every position and pair, by einsum."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K & 1:
        raise ValueError(f"{K} is odd")
    return torch.einsum("...,k->...k", positions.double(), base ** -(torch.arange(0, K, 2).double() / K)).to(
        dtype
    )


def apply_rope(x, positions, base=10000.0):
    if positions.dim() not in (1, 2) or positions.shape != x[:, 0, :, 0].shape[-positions.dim() :]:
        raise ValueError("positions")
    at = positions.expand(len(x), x.shape[2])
    angles = rope_angles(at, x.shape[3], base, torch.float64)
    rows = [torch.stack([angles.cos(), -angles.sin()], -1), torch.stack([angles.sin(), angles.cos()], -1)]
    matrices = torch.stack(rows, dim=-2).to(torch.promote_types(x.dtype, torch.float32))
    pairs = x.to(matrices.dtype).unflatten(-1, (-1, 2))
    return torch.einsum("btkij,bhtkj->bhtki", matrices, pairs).reshape(x.shape).to(x.dtype)
