"""You add up from the most probable token to the least. In the long run the same comes out, but not the same
token from the same u: the sum runs over the tokens in their own order."""

_right = sample


def sample(probs, u):
    ordered, tokens = probs.sort(dim=-1, descending=True, stable=True)
    return tokens.gather(-1, _right(ordered, u)[:, None])[:, 0]
