"""You keep everything that is at least as high as the k-th logit, so ties at the border all stay and more
than k survive. Try k=1 on a row of zeros."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    border = logits.topk(min(k, logits.shape[-1]), dim=-1).values[:, -1:]
    return logits.masked_fill(logits < border, -torch.inf)
