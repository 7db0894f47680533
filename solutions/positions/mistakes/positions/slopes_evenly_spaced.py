"""Your slopes are evenly spaced. They form a geometric sequence: each is the one before times
2^(-8/n)."""


def alibi_slopes(n_heads):
    return torch.arange(n_heads, 0, -1) / n_heads
