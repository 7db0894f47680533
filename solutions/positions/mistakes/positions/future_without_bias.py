"""Keys after the query get no bias at all. They fall off with their distance like those before it; to
hide them is the causal mask's job."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).clamp(min=0)
