"""You slice the last k of a sorted row. With k = 0 that slice is the whole row, with k = -1 it is all but the
least probable token, and of equals you keep the last ones. Refuse a k below 1, and sort so that of equals the
first come first."""


def keep_top_k(logits, k):
    kept = logits.argsort(dim=-1, stable=True)[:, -k:]
    return torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))
