"""Each id is put on top of the result, and goes together with what lies below if the two are the pair."""


def merge(ids, pair, new):
    merged = []
    for id in ids:
        if merged and (merged[-1], id) == pair:
            merged[-1] = new
        else:
            merged.append(id)
    return merged


def pair_counts(pieces):
    counts = defaultdict(int)
    for ids in pieces:
        for i in range(len(ids) - 1):
            counts[ids[i], ids[i + 1]] += pieces[ids]
    return counts
