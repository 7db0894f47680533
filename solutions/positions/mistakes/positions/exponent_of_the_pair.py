"""Your exponent is i/K where it should be 2i/K, with i counting pairs: the last pair should turn almost
base times more slowly than the first."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(f"K={K} must be even")
    exponents = torch.arange(K // 2, dtype=torch.float64) / K
    return (positions.double()[..., None] * base**-exponents).to(dtype)
