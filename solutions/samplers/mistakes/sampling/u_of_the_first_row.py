"""All your rows use the first row's u. Two equal rows then always get the same token. Line u up with the
rows: it is (B,), the running sums are (B, V)."""

_right = sample


def sample(probs, u):
    return _right(probs, u[:1].expand_as(u))
