"""You set the logits that go to 0. A logit of 0 is quite probable, more so than the negative ones that stay.
Which logit has probability zero?"""

_right = keep_top_k


def keep_top_k(logits, k):
    kept = _right(logits, k)
    return kept.masked_fill(kept == -torch.inf, 0.0)
