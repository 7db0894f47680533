"""You do not ask whether K is even, and with an odd K torch stumbles over shapes that do not fit. Raise
the ValueError that the docstring promises."""


def rope_angles(positions, K, base=10000.0, dtype=torch.float32):
    exponents = torch.arange(0, K, 2, dtype=torch.float64) / K
    return (positions.double()[..., None] * base**-exponents).to(dtype)
