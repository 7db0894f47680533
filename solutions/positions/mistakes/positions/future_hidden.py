"""You hide the keys after the query. That is the causal mask's job; the bias is finite everywhere and can
serve an encoder too."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).abs().float().masked_fill(j > i, torch.inf)
