"""You add up the probabilities in half precision. With 4096 tokens the running sum soon stops growing, and
never reaches p. Take softmax and sums in float32 at least."""


def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    wide = torch.float64 if logits.dtype == torch.float32 else logits.dtype
    probs = highest.softmax(dim=-1, dtype=wide)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[:, :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
