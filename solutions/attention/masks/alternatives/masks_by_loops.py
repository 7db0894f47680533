"""Row by row, in plain Python."""


def causal_mask(T, S=None):
    if S is None:
        S = T
    if T > S:
        raise ValueError("more queries than keys")
    return torch.tensor([[key <= query for key in range(S)] for query in range(S - T, S)])


def padding_mask(lengths, S):
    rows = []
    for length in lengths.tolist():
        if not 0 <= length <= S:
            raise ValueError(f"no sequence has {length} of {S} tokens")
        rows.append([True] * length + [False] * (S - length))
    return torch.tensor(rows)[:, None, None]
