"""You compare u with sums that do not end at 1, so what a row lacks falls to its last possible token, and
what it has too much is never drawn. Divide by the row's sum first."""


def sample(probs, u):
    _check_probs(probs, u)
    last = (probs > 0).cumsum(dim=-1).argmax(dim=-1)
    past = (probs.double().cumsum(dim=-1) <= u.double()[:, None]).sum(dim=-1)
    return torch.minimum(past, last)
