"""You add up the probabilities in the order of the vocabulary. The nucleus is made of the most probable
tokens: they have to come first."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    probs = logits.softmax(dim=-1, dtype=torch.float64)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1) | (probs == probs.amax(dim=-1, keepdim=True))
    return logits.masked_fill(~inside, -torch.inf)
