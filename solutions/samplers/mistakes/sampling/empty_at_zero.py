"""At p = 0 you keep nothing, and the softmax of nothing is NaN. The most probable token always stays."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = highest.softmax(dim=-1, dtype=torch.float64)
    up_to = probs.cumsum(dim=-1)
    inside = (up_to - probs < p) | (p == 1)
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
