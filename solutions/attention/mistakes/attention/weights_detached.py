"""The values are right, but no gradient reaches q and k: somewhere between scores and weights the graph is
cut, by detach, .data or no_grad."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q.detach(), k.detach(), v, mask)
