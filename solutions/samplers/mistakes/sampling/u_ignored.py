"""You let torch draw with random numbers of its own. The token must follow from the u that you were given:
the same u, the same token."""


def sample(probs, u):
    _check_probs(probs, u)
    return torch.multinomial(probs.float(), 1)[:, 0]
