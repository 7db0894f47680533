"""Python's own whole numbers; a search along the links."""


def shingles(words, n=5):
    if n < 1:
        raise ValueError("n")
    found = set()
    for i in range(len(words)):
        run = words[i : i + n]
        if len(run) == n or i == 0:
            found.add(hash_text(" ".join(run)))
    return found


def signature(shingles, a, b):
    members = list(shingles)
    rows = zip(a.tolist(), b.tolist(), strict=True)
    return torch.tensor([min(((x * k + c) % P for x in members), default=P) for k, c in rows])


def candidates(signatures, bands):
    N, K = signatures.shape
    if bands <= 0 or K % bands:
        raise ValueError("bands")
    r, found = K // bands, set()
    rows = signatures.tolist()
    for k in range(0, K, r):
        order = sorted(range(N), key=lambda i: rows[i][k : k + r])
        for place, i in enumerate(order):
            for j in order[place + 1 :]:
                if rows[i][k : k + r] != rows[j][k : k + r]:
                    break
                found.add((min(i, j), max(i, j)))
    return found


def components(n, pairs):
    neighbours = [[] for _ in range(n)]
    for i, j in pairs:
        neighbours[i].append(j)
        neighbours[j].append(i)
    groups, seen = [], [False] * n
    for first in range(n):
        group, waiting = [], [first]
        while waiting:
            i = waiting.pop()
            if not seen[i]:
                seen[i] = True
                group.append(i)
                waiting += neighbours[i]
        if group:
            groups.append(sorted(group))
    return groups
