"""One pair of one token at a time."""

import math


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(K)
    found = [[p * base ** (-2 * i / K) for i in range(K // 2)] for p in positions.flatten().tolist()]
    return torch.tensor(found, dtype=torch.float64).reshape(*positions.shape, K // 2).to(dtype)


def apply_rope(x, positions, base=10000.0):
    B, _, T, K = x.shape
    if K % 2 or tuple(positions.shape) not in {(T,), (B, T)}:
        raise ValueError("odd, or not as many positions as tokens")
    out = torch.zeros(x.shape, dtype=torch.promote_types(x.dtype, torch.float32))
    for b in range(B):
        for t, p in enumerate((positions if positions.dim() == 1 else positions[b]).tolist()):
            for i in range(0, K, 2):
                cos, sin = math.cos(p / base ** (i / K)), math.sin(p / base ** (i / K))
                one, two = x[b, :, t, i].to(out.dtype), x[b, :, t, i + 1].to(out.dtype)
                out[b, :, t, i] = one * cos - two * sin
                out[b, :, t, i + 1] = one * sin + two * cos
    return out.to(x.dtype)
