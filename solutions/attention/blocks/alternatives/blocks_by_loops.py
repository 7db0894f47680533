"""One query at a time, with numbers instead of tensors for what is kept."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    _check_mask(mask)
    B, H, T, K = q.shape
    S = k.shape[2]
    seen = torch.tensor(True) if mask is None else mask
    seen = seen.expand(B, H, T, S)
    out = torch.zeros(B, H, T, v.shape[-1], dtype=q.dtype)
    for b, h, t in torch.cartesian_prod(torch.arange(B), torch.arange(H), torch.arange(T)).tolist():
        out[b, h, t] = _one_query(q[b, h, t].double(), k[b, h], v[b, h], seen[b, h, t], block)
    return out


def _one_query(query, keys, values, seen, block):
    best, total, mixed = -math.inf, 0.0, torch.zeros(values.shape[-1], dtype=torch.float64)
    for some_keys, some_values, some_seen in zip(
        keys.split(block), values.split(block), seen.split(block), strict=True
    ):
        scores = (some_keys[some_seen].double() @ query) / math.sqrt(len(query))
        if len(scores) == 0:
            continue
        new = max(best, scores.max().item())
        exps = (scores - new).exp()
        total = total * math.exp(best - new) + exps.sum().item()
        mixed = mixed * math.exp(best - new) + exps @ some_values[some_seen].double()
        best = new
    return mixed / total if total else mixed
