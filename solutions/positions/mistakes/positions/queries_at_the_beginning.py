"""With S > T your queries stand at the first T positions, but they are the last T of the S. Print
alibi_bias(1, 1, 3): the query stands at position 2, so the last number should be 0."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(T)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads)[:, None, None] * (i - j).abs()
