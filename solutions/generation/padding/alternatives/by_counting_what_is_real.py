"""Rows turned around twice for torch's own padding; positions by a running sum; the mask by tril."""


def left_pad(prompts, pad):
    if len(prompts) == 0 or min(len(prompt) for prompt in prompts) == 0:
        raise ValueError("prompts")
    backwards = [torch.tensor(prompt[::-1], dtype=torch.int64) for prompt in prompts]
    rows = torch.nn.utils.rnn.pad_sequence(backwards, batch_first=True, padding_value=pad)
    return rows.flip(-1), torch.tensor([row.numel() for row in backwards])


def left_positions(lengths, T):
    if ((lengths < 1) | (lengths > T)).any():
        raise ValueError("lengths")
    real = torch.arange(T) >= T - lengths.unsqueeze(1)
    return (real.long().cumsum(dim=1) - 1).relu()


def left_mask(lengths, T0, T, S):
    if ((lengths < 1) | (lengths > T0)).any() or S < T:
        raise ValueError("sizes")
    hidden = torch.stack([torch.arange(S) < T0 - n for n in lengths])
    whole = torch.ones(len(lengths), S, S, dtype=torch.bool).tril().masked_fill(hidden[:, None, :], False)
    return whole[:, None, S - T :]
