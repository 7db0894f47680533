"""torch's cosine, -inf for what is excluded."""


def nearest(vectors, query, k, exclude=()):
    check_search(len(vectors), k, exclude)
    cosines = F.cosine_similarity(vectors.double(), query.double(), dim=1)
    cosines[[int(i) for i in exclude]] = -torch.inf
    return cosines.argsort(descending=True, stable=True)[:k]


def analogy(vectors, a, b, c, k=1, exclude_inputs=True):
    unit = vectors / vectors.norm(dim=1, keepdim=True).clamp(min=1e-30)
    return nearest(unit, unit[b] + unit[c] - unit[a], k, [a, b, c] if exclude_inputs else [])
