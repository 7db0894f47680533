"""The k-th highest logit as a threshold; of those that equal it, as many of the first as there is room for."""


def keep_top_k(logits, k):
    if k <= 0:
        raise ValueError(f"k is {k}, but something must be kept")
    k = min(k, logits.shape[-1])
    border = logits.sort(dim=-1, descending=True).values[:, k - 1 : k]
    above, equal = logits > border, logits == border
    room = k - above.sum(dim=-1, keepdim=True)
    return torch.where(above | (equal & (equal.cumsum(dim=-1) <= room)), logits, -torch.inf)
