"""With S > T your queries stand at the first T positions, but they are the last T of the S. Print
causal_mask(2, 4): the last query should see all four keys."""

_right = causal_mask


def causal_mask(T, S=None):
    return torch.ones_like(_right(T, S)).tril()
