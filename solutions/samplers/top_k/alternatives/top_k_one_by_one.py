"""k times the highest of what is left."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(f"{k} tokens cannot be kept")
    left, kept = logits.clone(), torch.full_like(logits, -torch.inf)
    for _ in range(min(k, logits.shape[-1])):
        best = left.argmax(dim=-1, keepdim=True)
        kept.scatter_(-1, best, logits.gather(-1, best))
        left.scatter_(-1, best, -torch.inf)
    return kept
