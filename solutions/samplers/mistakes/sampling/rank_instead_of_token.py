"""You sort the probabilities before you add them up, and return a place in the sorted row. No sorting is
needed; if you sort, the place still has to be turned into the token that stands there."""

_right = sample


def sample(probs, u):
    return _right(probs.sort(dim=-1, descending=True).values, u)
