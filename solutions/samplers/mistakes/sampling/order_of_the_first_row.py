"""You apply the first row's order to all rows. Each row is sorted in its own way: the indices are (B, V)."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = highest.softmax(dim=-1, dtype=torch.float64)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).index_copy(1, order[0], inside), -torch.inf)
