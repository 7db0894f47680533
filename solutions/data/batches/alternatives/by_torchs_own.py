"""torch's pad_sequence and split; documents joined as tensors."""


def pack(documents, context, end):
    if context <= 0:
        raise ValueError("context")
    pieces = [torch.tensor([*document, end]) for document in documents]
    stream = torch.cat(pieces) if pieces else torch.empty(0, dtype=torch.int64)
    return stream.unfold(0, context, context) if len(stream) >= context else stream[:0].view(0, context)


def collate(examples, pad):
    if len(examples) == 0:
        raise ValueError("examples")
    rows = [torch.tensor(example, dtype=torch.int64) for example in examples]
    ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)
    ones = [torch.ones(len(row), dtype=torch.bool) for row in rows]
    return ids, torch.nn.utils.rnn.pad_sequence(ones, batch_first=True)


def batch_indices(lengths, batch, u, bucket=50):
    if batch < 1 or bucket < 1 or len(lengths) != len(u):
        raise ValueError("sizes")
    lengths, found = torch.tensor(lengths), []
    for some in torch.sort(u, stable=True).indices.split(bucket * batch):
        found += some[lengths[some].argsort(stable=True)].split(batch)
    places = sorted(range(len(found)), key=lambda k: u[k].item())
    return [found[k].tolist() for k in places]
