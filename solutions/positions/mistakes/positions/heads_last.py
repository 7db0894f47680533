"""Your bias is (T, S, H). Scores are (B, H, T, S), so that the bias has to be (H, T, S) to line up with
them."""


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError(f"S={S} must be at least T={T}")
    i, j = torch.arange(S - T, S)[:, None], torch.arange(S)
    return -alibi_slopes(n_heads) * (i - j).abs()[..., None]
