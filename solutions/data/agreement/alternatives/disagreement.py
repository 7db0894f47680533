"""1 minus observed disagreement over expected disagreement."""


def cohen_kappa(a, b):
    if not len(a) == len(b) > 0:
        raise ValueError("lengths")
    apart = sum(x != y for x, y in zip(a, b, strict=True)) * len(a)
    expected = sum(x != y for x in a for y in b)
    return 1 - apart / expected if expected else math.nan


def fleiss_kappa(counts):
    n = counts.sum(dim=1)
    if len(counts) == 0 or n.min() != n.max() or n.min() < 2:
        raise ValueError("rows")
    share = counts.double().mean(dim=0) / n[0]
    p = counts.double() / n[:, None]
    apart = (p * (1 - p)).sum(dim=1).mean() * n[0] / (n[0] - 1)
    return (1 - apart / (share * (1 - share)).sum()).item()
