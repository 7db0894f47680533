"""You accept S < T, where the first queries would stand before position 0. The docstring says which error
to raise."""


def alibi_bias(n_heads, T, S):
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).abs()
