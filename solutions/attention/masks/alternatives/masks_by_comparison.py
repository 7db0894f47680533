"""Positions of queries against positions of keys; a mask that is a view of a larger tensor."""


def causal_mask(T, S=None):
    S = S or T
    positions = torch.arange(S)
    if len(positions[S - T if S >= T else S :]) != T:
        raise ValueError(S)
    return (positions[:, None] >= positions[None, :])[S - T :]


def padding_mask(lengths, S):
    if lengths.min() < 0 or lengths.max() > S:
        raise ValueError(lengths)
    beyond = torch.arange(S).expand(len(lengths), S) >= lengths.reshape(-1, 1)
    return torch.logical_not(beyond).unsqueeze(1).unsqueeze(1)
