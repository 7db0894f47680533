"""The token with which p is reached is missing from your nucleus, so what you keep always falls short of p.
Look at the sum before each token, not at the sum with it."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = highest.softmax(dim=-1, dtype=torch.float64)
    up_to = probs.cumsum(dim=-1)
    inside = (up_to < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
