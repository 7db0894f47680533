"""You take a softmax of what are probabilities already. That makes all tokens nearly equal, and the
impossible ones possible."""

_right = sample


def sample(probs, u):
    return _right(probs.softmax(dim=-1), u)
