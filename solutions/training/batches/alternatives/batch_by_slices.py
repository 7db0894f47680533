"""A slice of the text for each row, stacked."""


def get_batch(data, batch, context, generator):
    if batch < 1 or context < 1 or len(data) <= context:
        raise ValueError("no window")
    xs, ys = [], []
    for _ in range(batch):
        i = torch.randint(0, len(data) - context, (), generator=generator).item()
        xs.append(data[i : i + context])
        ys.append(data[i + 1 : i + 1 + context])
    return torch.stack(xs), torch.stack(ys)
