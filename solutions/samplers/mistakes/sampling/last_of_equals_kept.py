"""Exactly k survive, but of equal logits you keep the last. The first are asked: look at how your sort orders
equals."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    kept = logits.argsort(dim=-1, stable=True).flip(-1)[:, :k]
    return torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))
