"""Token by token; lists that grow."""


def pack(documents, context, end):
    if context < 1:
        raise ValueError("context")
    rows, row = [], []
    for document in documents:
        for token in list(document) + [end]:
            row.append(token)
            if len(row) == context:
                rows.append(row)
                row = []
    return torch.tensor(rows, dtype=torch.int64).reshape(len(rows), context)


def collate(examples, pad):
    if not examples:
        raise ValueError("examples")
    T = max(len(example) for example in examples)
    ids = torch.full((len(examples), T), pad, dtype=torch.int64)
    keep = torch.zeros(len(examples), T, dtype=torch.bool)
    for b, example in enumerate(examples):
        for t, token in enumerate(example):
            ids[b, t], keep[b, t] = token, True
    return ids, keep


def batch_indices(lengths, batch, u, bucket=50):
    if batch < 1 or bucket < 1 or len(u) != len(lengths):
        raise ValueError("sizes")
    waiting, batches = [], []
    order = sorted(range(len(u)), key=lambda i: float(u[i]))
    for place, i in enumerate(order, start=1):
        waiting.append(i)
        if len(waiting) == bucket * batch or place == len(order):
            waiting.sort(key=lambda k: lengths[k])
            while waiting:
                batches.append(waiting[:batch])
                waiting = waiting[batch:]
    return [
        one
        for _, one in sorted(zip(u[: len(batches)].tolist(), batches, strict=True), key=lambda pair: pair[0])
    ]
