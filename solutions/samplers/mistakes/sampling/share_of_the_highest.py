"""You keep the tokens that have at least the share p of the highest probability. That is another filter,
min-p; in top-p the probabilities of what stays must together reach p."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    probs = logits.softmax(dim=-1, dtype=torch.float64)
    return logits.masked_fill(probs < p * probs.amax(dim=-1, keepdim=True), -torch.inf)
