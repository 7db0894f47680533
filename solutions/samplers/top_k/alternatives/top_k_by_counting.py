"""A logit's rank is the number of those that are higher, or equal and earlier."""


def keep_top_k(logits, k):
    if k < 1:
        raise ValueError("k < 1")
    higher = logits[:, None, :] > logits[:, :, None]
    earlier = torch.ones(logits.shape[-1], logits.shape[-1], dtype=torch.bool).tril(-1)
    rank = (higher | ((logits[:, None, :] == logits[:, :, None]) & earlier)).sum(dim=-1)
    return logits.masked_fill(rank >= k, -torch.inf)
