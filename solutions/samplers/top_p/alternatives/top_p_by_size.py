"""How many sums stay below p says how large the nucleus is; then top-k does the rest, row by row."""


def keep_top_p(logits, p):
    if p < 0 or p > 1 or p != p:
        raise ValueError("p must be between 0 and 1")
    if p == 1:
        return logits.clone()
    up_to = logits.float().softmax(dim=-1).sort(dim=-1, descending=True).values.cumsum(dim=-1)
    sizes = (up_to < p).sum(dim=-1) + 1
    return torch.stack([keep_top_k(row[None], int(size))[0] for row, size in zip(logits, sizes, strict=True)])
