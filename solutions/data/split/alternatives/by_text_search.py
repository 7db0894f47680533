"""Runs looked for as pieces of text; parts as a list of numbers."""


def split_by_group(groups, shares, u):
    if abs(sum(shares) - 1) > 1e-6 or any(share < 0 for share in shares):
        raise ValueError("shares")
    names = list(dict.fromkeys(groups))
    if len(names) != len(u):
        raise ValueError("u")
    missing = [share * len(groups) for share in shares]
    home = {}
    for k in u.argsort().tolist():
        best = max(range(len(shares)), key=missing.__getitem__)
        home[names[k]] = best
        missing[best] -= sum(group == names[k] for group in groups)
    return [[i for i, group in enumerate(groups) if home[group] == k] for k in range(len(shares))]


def contaminated(train, test, n=13):
    if n < 1:
        raise ValueError("n")
    texts = [" " + " ".join(words_of(text)) + " " for text in train]
    found = []
    for text in test:
        words = words_of(text)
        length = min(n, len(words))
        runs = [" " + " ".join(words[i : i + length]) + " " for i in range(len(words) - length + 1)]
        found.append(length > 0 and any(run in other for run in runs for other in texts))
    return found
