"""Your tokens are one too small, and sometimes -1. If two running sums do not exceed u, these are those of
tokens 0 and 1: which is the first that does?"""


def sample(probs, u):
    _check_probs(probs, u)
    up_to = probs.double().cumsum(dim=-1)
    return (up_to <= u.double()[:, None] * up_to[:, -1:]).sum(dim=-1) - 1
