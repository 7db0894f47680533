"""Row by row in plain Python: take tokens in order until they reach p."""


def keep_top_p(logits, p):
    if not (p >= 0 and p <= 1):
        raise ValueError(f"p is {p}, not a probability")
    kept = torch.full_like(logits, -torch.inf)
    for row, probs in enumerate(logits.double().softmax(dim=-1).tolist()):
        reached, heights = 0.0, logits[row].tolist()
        for token in sorted(range(len(probs)), key=lambda t: -heights[t]):
            kept[row, token] = logits[row, token]
            reached += probs[token]
            if reached >= p and p < 1:
                break
    return kept
