"""All windows as a view of the text, of which some rows are taken; the starts are made of uniform numbers."""


def get_batch(data, batch, context, generator):
    if batch < 1 or context < 1 or len(data) <= context:
        raise ValueError("no window")
    pieces = data.unfold(0, context + 1, 1)
    rows = (torch.rand(batch, generator=generator, dtype=torch.float64) * len(pieces)).long()
    both = pieces.index_select(0, rows)
    return both.narrow(1, 0, context), both.narrow(1, 1, context)
