"""Your later pairs turn faster than the first. The exponent is negative: angle i is p * base^(-2i/K)."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(f"K={K} must be even")
    exponents = torch.arange(0, K, 2, dtype=torch.float64) / K
    return (positions.double()[..., None] * base**exponents).to(dtype)
