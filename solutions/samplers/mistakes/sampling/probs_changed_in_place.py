"""You write into the probabilities you were given: whoever called you finds running sums in their place.
Functions of torch that end in an underscore, and out=, change their input."""

_right = sample


def sample(probs, u):
    token = _right(probs, u)
    probs.cumsum_(dim=-1)
    return token
