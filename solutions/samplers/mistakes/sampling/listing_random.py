"""You hand the probabilities to a library and let it draw with random numbers of its own. The token must
follow from the u that you were given; and numpy refuses a half-precision row over a large vocabulary, which
does not sum to 1 to enough digits."""


def sample(probs, u):
    import numpy as np

    _check_probs(probs, u)
    # numpy's state follows torch's here, so that this mistake is the same each time it is asked.
    np.random.seed(torch.initial_seed() % 2**32)
    return torch.tensor([np.random.choice(len(row), p=row.double().numpy()) for row in probs])
