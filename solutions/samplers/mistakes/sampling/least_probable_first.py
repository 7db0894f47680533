"""You add up from the least probable token. The smallest set that reaches p begins with the most probable
one."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    lowest, order = logits.sort(dim=-1, stable=True)
    probs = lowest.softmax(dim=-1, dtype=torch.float64)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
