"""Your softmax runs over the rows of the batch. A row's probabilities must sum to 1 along the vocabulary; try
a batch of one, where yours are all 1."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = highest.softmax(dim=0, dtype=torch.float64).nan_to_num()
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
