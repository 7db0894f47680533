"""When u falls just on the border of two tokens you take the lower one, and u = 0 draws a token even if its
probability is zero. The sum must exceed u, not only reach it."""


def sample(probs, u):
    _check_probs(probs, u)
    up_to = probs.double().cumsum(dim=-1)
    return (up_to < u.double()[:, None] * up_to[:, -1:]).sum(dim=-1)
