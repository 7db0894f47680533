"""A confusion matrix for two raters; for many, all pairs of an item's labels."""


def cohen_kappa(a, b):
    if len(a) != len(b) or len(a) == 0:
        raise ValueError("lengths")
    labels = sorted({*a, *b}, key=str)
    table = torch.zeros(len(labels), len(labels), dtype=torch.float64)
    for x, y in zip(a, b, strict=True):
        table[labels.index(x), labels.index(y)] += 1 / len(a)
    chance = (table.sum(dim=0) * table.sum(dim=1)).sum().item()
    if chance > 1 - 1e-12:
        return float("nan")
    return (table.trace().item() - chance) / (1 - chance)


def fleiss_kappa(counts):
    rows = [[label for label, n in enumerate(row) for _ in range(n)] for row in counts.tolist()]
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        raise ValueError("rows")
    agreeing = [x == y for row in rows for i, x in enumerate(row) for j, y in enumerate(row) if i != j]
    everyone = [label for row in rows for label in row]
    chance = sum((everyone.count(label) / len(everyone)) ** 2 for label in set(everyone))
    if len(set(everyone)) == 1:
        return math.nan
    return (sum(agreeing) / len(agreeing) - chance) / (1 - chance)
