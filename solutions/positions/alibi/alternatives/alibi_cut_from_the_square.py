"""The bias of all S positions by outer products, of which the last T rows remain."""


def alibi_slopes(n_heads):
    power = 2 ** int(torch.tensor(float(n_heads)).log2())
    steps = torch.cat([torch.arange(2, 2 * power + 1, 2), torch.arange(1, 2 * power, 2)])[:n_heads]
    return torch.exp2(-4.0 / power * steps)


def alibi_bias(n_heads, T, S):
    if S < T:
        raise ValueError("S < T")
    positions = torch.arange(S, dtype=torch.float32)
    square = torch.maximum(positions[:, None], positions) - torch.minimum(positions[:, None], positions)
    return torch.einsum("h,ts->hts", alibi_slopes(n_heads), -square)[:, S - T :]
