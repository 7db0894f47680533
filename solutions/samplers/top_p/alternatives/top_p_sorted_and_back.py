"""Cut in sorted order, then undo the sorting."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p}")
    ordered, order = torch.sort(logits, dim=-1, descending=True, stable=True)
    probs = torch.softmax(ordered.double(), dim=-1)
    before = torch.cat([torch.zeros_like(probs[:, :1]), probs.cumsum(dim=-1)[:, :-1]], dim=-1)
    outside = before >= p if p < 1 else torch.zeros_like(before, dtype=torch.bool)
    outside[:, 0] = False
    return ordered.masked_fill(outside, -torch.inf).gather(-1, order.argsort(dim=-1))
