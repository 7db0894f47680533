"""Your speeds 1 / base^(2i/K) are float32: torch divides whole numbers into float32. At position
1,000,000 their last digit is worth some hundredths of a radian, so ask for float64 and round the angles
last."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    if K % 2:
        raise ValueError(f"K={K} must be even")
    speeds = 1.0 / (base ** (torch.arange(0, K, 2) / K))
    return (positions[..., None] * speeds).to(dtype)
