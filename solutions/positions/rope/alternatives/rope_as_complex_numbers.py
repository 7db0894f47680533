"""Each pair is a complex number, multiplied by a point of the unit circle."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2 == 1:
        raise ValueError("odd")
    speeds = torch.tensor([base ** (-2 * i / K) for i in range(K // 2)], dtype=torch.float64)
    return torch.mul(positions.unsqueeze(-1).double(), speeds).type(dtype)


def apply_rope(x, positions, base=10000.0):
    B, H, T, K = x.shape
    if list(positions.shape) not in ([T], [B, T]):
        raise ValueError(positions.shape)
    angles = rope_angles(positions, K, base, torch.float64).view(-1, 1, T, K // 2)
    turns = torch.polar(torch.ones(()).double(), angles)
    pairs = torch.view_as_complex(x.double().reshape(B, H, T, K // 2, 2))
    return torch.view_as_real(pairs * turns).reshape(x.shape).to(x.dtype)
