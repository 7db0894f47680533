"""You fail when k is larger than the vocabulary. There are not that many logits to find: what should be kept
then?"""

_right = keep_top_k


def keep_top_k(logits, k):
    if k >= 1:
        logits.topk(k, dim=-1)
    return _right(logits, k)
