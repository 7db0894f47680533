"""One product of scaled rows; what is excluded is filtered from the sorted ids."""


def nearest(vectors, query, k, exclude=()):
    rows = F.normalize(vectors.float(), dim=1)
    ranked = (rows @ query.float()).sort(descending=True, stable=True).indices
    kept = ~torch.isin(ranked, torch.tensor(list(exclude), dtype=torch.int64))
    return ranked[kept][:k]
