"""A copy of the list is changed from the front; counts are added up by Counter."""


def merge(ids, pair, new):
    ids, i = ids[:], 0
    while i < len(ids) - 1:
        if ids[i : i + 2] == list(pair):
            ids[i : i + 2] = [new]
        i += 1
    return ids


def pair_counts(pieces):
    counts = Counter()
    for ids, times in pieces.items():
        for _ in range(times):
            counts.update(zip(ids, ids[1:], strict=False))
    return counts
