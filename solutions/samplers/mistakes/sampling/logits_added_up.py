"""You add up logits. p is a probability, so it is probabilities that have to reach it: a softmax is
missing."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.double().sort(dim=-1, descending=True, stable=True)
    inside = (highest.cumsum(dim=-1) - highest < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
