"""You add up from the last token to the first. In the long run the same comes out, but not the same token
from the same u: small u stand for the first tokens."""

_right = sample


def sample(probs, u):
    return probs.shape[-1] - 1 - _right(probs.flip(-1), u)
