"""All your heads have the same bias. Each head has its own slope, so that some look near and some far."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -(i - j).abs().float().expand(n_heads, T, S)
