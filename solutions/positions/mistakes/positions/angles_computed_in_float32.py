"""You multiply in float32 and widen the product, which brings nothing back. Take the positions and the
powers of the base to float64 before you multiply."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(f"K={K} must be even")
    exponents = torch.arange(0, K, 2, dtype=torch.float32) / K
    return (positions.float()[..., None] * base**-exponents).to(dtype)
