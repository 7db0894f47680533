"""You decide in sorted order and mask in the order of the vocabulary, so the wrong tokens go. The decision
about the n-th most probable token belongs to that token: scatter it back to where it came from."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    probs = logits.sort(dim=-1, descending=True).values.softmax(dim=-1, dtype=torch.float64)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~inside, -torch.inf)
