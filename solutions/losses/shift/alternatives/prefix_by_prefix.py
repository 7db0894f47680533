"""A loop over the positions: the sum of all losses by the number of tokens that are asked for."""


def next_token_loss(logits, tokens, keep=None):
    B, T = tokens.shape
    if T < 2 or (keep is not None and (keep.dtype, keep.shape) != (torch.bool, tokens.shape)):
        raise ValueError(f"{T} tokens, keep {keep}")
    asked = torch.ones(B, T, dtype=torch.bool) if keep is None else keep
    total, count = 0.0, 0
    for t in range(T - 1):
        rows = asked[:, t + 1].nonzero().flatten()
        log_probs = logits[rows, t].log_softmax(dim=-1)
        total = total - log_probs[range(len(rows)), tokens[rows, t + 1]].sum()
        count += len(rows)
    return total / max(count, 1)
