"""Your exponent is 4i/K where it should be 2i/K, with i counting pairs. There are K/2 pairs, and their
exponents run from 0 to almost 1."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(f"K={K} must be even")
    exponents = torch.arange(0, K, 2, dtype=torch.float64) / (K // 2)
    return (positions.double()[..., None] * base**-exponents).to(dtype)
