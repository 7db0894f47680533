"""You keep every token that is as probable as the last one of the nucleus. Of equals only as many stay as it
takes to reach p, the first ones: try p = 0.5 on a row of equal logits."""

_right = keep_top_p


def keep_top_p(logits, p):
    kept = _right(logits, p)
    lowest = kept.masked_fill(kept == -torch.inf, torch.inf).amin(dim=-1, keepdim=True)
    return logits.masked_fill(logits < lowest, -torch.inf)
