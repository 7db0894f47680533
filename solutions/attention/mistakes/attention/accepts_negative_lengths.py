"""Your padding_mask refuses lengths above S but accepts negative ones. Try padding_mask on -1."""


def padding_mask(lengths, S):
    if (lengths > S).any():
        raise ValueError("a length is larger than S")
    return (torch.arange(S) < lengths[:, None])[:, None, None, :]
