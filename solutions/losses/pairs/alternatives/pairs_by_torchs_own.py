"""Both by torch's own: two candidates as a softmax over the logits 0 and z, cosines by cosine_similarity."""


def bce_with_logits(logits, targets):
    if logits.shape != targets.shape or ((targets < 0) | (targets > 1)).any():
        raise ValueError("bad targets")
    two = torch.stack([torch.zeros_like(logits), logits], dim=-1).reshape(-1, 2)
    share = torch.stack([1 - targets, targets], dim=-1).reshape(-1, 2)
    return F.cross_entropy(two, share)


def info_nce(queries, keys, temperature=0.07):
    if queries.shape != keys.shape:
        raise ValueError("shapes differ")
    if not temperature > 0:
        raise ValueError("temperature must be positive")
    cosines = torch.cosine_similarity(queries[:, None], keys[None], dim=-1, eps=1e-30)
    diagonal = range(len(queries))
    there = (cosines / temperature).log_softmax(dim=1)[diagonal, diagonal]
    back = (cosines / temperature).log_softmax(dim=0)[diagonal, diagonal]
    return -(there + back).mean() / 2
