"""A query is at distance 0 from itself, and yours is at 1: the bias of a query for its own position
should be 0."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * ((i - j).abs() + 1)
