"""You return the k highest logits by themselves, (B, k), so nobody can tell which tokens they belong to. The
shape stays (B, V)."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    return logits.topk(min(k, logits.shape[-1]), dim=-1).values
