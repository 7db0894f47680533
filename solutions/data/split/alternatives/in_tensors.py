"""Deficits in a tensor; runs of each length as hashes of Python."""


def split_by_group(groups, shares, u):
    import torch

    if min(shares) < 0 or round(sum(shares), 6) != 1:
        raise ValueError("shares")
    names = {group: k for k, group in enumerate(dict.fromkeys(groups))}
    if len(u) != len(names):
        raise ValueError("u")
    numbers = torch.tensor([names[group] for group in groups], dtype=torch.int64)
    sizes = numbers.bincount(minlength=len(names))
    room = torch.tensor(shares, dtype=torch.float64) * len(groups)
    part_of = torch.zeros(len(names), dtype=torch.int64)
    for k in torch.sort(u).indices:
        part_of[k] = room.argmax()
        room[part_of[k]] -= sizes[k]
    return [torch.where(part_of[numbers] == k)[0].tolist() for k in range(len(shares))]


def contaminated(train, test, n=13):
    if n <= 0:
        raise ValueError("n")
    texts = [words_of(text) for text in train]

    def stands_in(run):
        return any(words[i : i + len(run)] == run for words in texts for i in range(len(words)))

    def dirty(words):
        if len(words) <= n:
            return bool(words) and stands_in(words)
        return any(stands_in(words[i : i + n]) for i in range(len(words) - n + 1))

    return [dirty(words_of(text)) for text in test]
