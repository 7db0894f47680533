"""You keep only what is higher than the first logit that has to go, so ties at the border all go, and fewer
than k survive. Try k=1 on a row of zeros."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    if k >= logits.shape[-1]:
        return logits.clone()
    border = logits.topk(k + 1, dim=-1).values[:, -1:]
    return logits.masked_fill(logits <= border, -torch.inf)
