"""Sorted by cosine and id, in a list of the ids that are left."""

import math


def nearest(vectors, query, k, exclude=()):
    def cosine(i):
        row, length = vectors[i].double(), vectors[i].double().norm().item()
        return (row @ query.double()).item() / (length * query.double().norm().item()) if length else 0.0

    left = sorted((i for i in range(len(vectors)) if i not in exclude), key=lambda i: (-cosine(i), i))
    return torch.tensor(left[:k])


def analogy(vectors, a, b, c, k=1, exclude_inputs=True):
    rows = [vectors[i] / math.hypot(*vectors[i].tolist()) for i in (a, b, c)]
    return nearest(vectors, rows[1] - rows[0] + rows[2], k, (a, b, c) if exclude_inputs else ())
