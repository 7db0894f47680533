"""Number by number."""


def left_pad(prompts, pad):
    if not prompts or not all(prompts):
        raise ValueError("prompts")
    T = max(map(len, prompts))
    tokens = torch.full((len(prompts), T), pad)
    lengths = torch.zeros(len(prompts), dtype=torch.int64)
    for i, prompt in enumerate(prompts):
        lengths[i] = len(prompt)
        for k, token in enumerate(reversed(prompt)):
            tokens[i, T - 1 - k] = token
    return tokens, lengths


def left_positions(lengths, T):
    if lengths.min() < 1 or lengths.max() > T:
        raise ValueError("lengths")
    return torch.tensor([[max(0, t - T + n) for t in range(T)] for n in lengths.tolist()])


def left_mask(lengths, T0, T, S):
    if lengths.min() < 1 or lengths.max() > T0 or S < T:
        raise ValueError("sizes")
    mask = torch.zeros(len(lengths), 1, T, S, dtype=torch.bool)
    for b, n in enumerate(lengths.tolist()):
        for t in range(T):
            for s in range(T0 - n, S - T + t + 1):
                mask[b, 0, t, s] = True
    return mask
