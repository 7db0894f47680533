"""You refuse S = T, the most usual case. Only S < T has no meaning."""


def alibi_bias(n_heads, T, S):
    if S <= T:
        raise ValueError(f"S={S} must be larger than T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).abs()
