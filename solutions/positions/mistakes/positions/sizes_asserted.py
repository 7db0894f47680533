"""You refuse S < T with assert, which raises AssertionError and vanishes under `python -O`. The docstring
promises a ValueError."""


def alibi_bias(n_heads, T, S):
    assert S >= T
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).abs()
