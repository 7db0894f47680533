"""When a row sums to a little less than 1, a u near 1 exceeds all your running sums, and you return V, which
is no token. Compare u with each sum's share of the whole row's."""


def sample(probs, u):
    _check_probs(probs, u)
    return (probs.double().cumsum(dim=-1) <= u.double()[:, None]).sum(dim=-1)
