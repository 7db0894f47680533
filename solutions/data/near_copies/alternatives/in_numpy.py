"""Numpy for the hashes, one function at a time; bytes for the bands; union-find for the groups."""

import numpy as np


def shingles(words, n=5):
    if n <= 0:
        raise ValueError(n)
    if len(words) == 0:
        return set()
    if len(words) < n:
        return {hash_text(" ".join(words))}
    return set(map(hash_text, map(" ".join, zip(*(words[k:] for k in range(n)), strict=False))))


def signature(shingles, a, b):
    x = np.fromiter(shingles, dtype=np.int64)
    smallest = [((k * x + c) % P).min(initial=P) for k, c in zip(a.numpy(), b.numpy(), strict=True)]
    return torch.from_numpy(np.array(smallest, dtype=np.int64))


def candidates(signatures, bands):
    if bands < 1 or signatures.shape[1] % bands:
        raise ValueError(bands)
    cut = signatures.numpy().reshape(len(signatures), bands, -1)
    places = {}
    for i, row in enumerate(cut):
        for k, band in enumerate(row):
            places.setdefault((k, band.tobytes()), []).append(i)
    return {(i, j) for same in places.values() for j in same for i in same if i < j}


def components(n, pairs):
    above = np.arange(n).tolist()

    def top(i):
        while above[i] != i:
            above[i] = above[above[i]]
            i = above[i]
        return i

    for i, j in pairs:
        i, j = top(i), top(j)
        above[max(i, j)] = min(i, j)
    groups = {}
    for i in range(n):
        groups.setdefault(top(i), []).append(i)
    return list(groups.values())
