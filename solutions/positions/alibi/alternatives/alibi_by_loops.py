"""One number at a time."""


def alibi_slopes(n_heads):
    power = 1
    while 2 * power <= n_heads:
        power *= 2
    exponents = [8 * (h + 1) / power for h in range(power)] + [4 * h / power for h in range(1, 2 * power, 2)]
    return torch.tensor([0.5**e for e in exponents[:n_heads]])


def alibi_bias(n_heads, T, S):
    if S - T < 0:
        raise ValueError("too many queries")
    bias = torch.zeros(n_heads, T, S)
    for h, slope in enumerate(alibi_slopes(n_heads).tolist()):
        for t in range(T):
            for j in range(S):
                bias[h, t, j] = slope * min(S - T + t - j, j - (S - T + t))
    return bias
