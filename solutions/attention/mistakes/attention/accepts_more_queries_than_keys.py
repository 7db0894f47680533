"""Your causal_mask accepts S < T, where the first queries have no position at all. The docstring says
which error to raise."""


def causal_mask(T, S=None):
    S = T if S is None else S
    return torch.ones(T, S, dtype=torch.bool).tril(diagonal=S - T)
