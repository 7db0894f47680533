"""With a k above the number of possible tokens you let impossible ones come in. A logit of -inf is not the
next best: it stays -inf."""

_right = keep_top_k


def keep_top_k(logits, k):
    kept = _right(logits.clamp(min=torch.finfo(logits.dtype).min), k)
    return kept
