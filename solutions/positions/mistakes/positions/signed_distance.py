"""Keys after the query get a positive bias. The distance has no sign: |i - j|. Under a causal mask nobody
sees the difference, but in an encoder everybody does."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j)
