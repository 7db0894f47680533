"""Your padding mask shows one token too many. A sequence of length 1 has a single real token, at
position 0: positions count from 0."""

_right = padding_mask


def padding_mask(lengths, S):
    _right(lengths, S)
    return (torch.arange(S) <= lengths[:, None])[:, None, None, :]
