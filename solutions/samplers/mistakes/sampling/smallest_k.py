"""You keep the k lowest logits. Which end of the sorted row do you cut?"""

_right = keep_top_k


def keep_top_k(logits, k):
    kept = _right(-logits, k) > -torch.inf
    return torch.where(kept, logits, -torch.inf)
