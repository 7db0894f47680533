"""One query at a time, over the keys that it may see."""


def attend(q, k, v, mask=None):
    _check_mask(mask)
    B, H, T, K = q.shape
    S = k.shape[2]
    seen = torch.ones(B, H, T, S, dtype=torch.bool) if mask is None else mask.expand(B, H, T, S)
    wide = torch.float64 if q.dtype == torch.float64 else torch.float32
    rows = []
    for b in range(B):
        for h in range(H):
            for t in range(T):
                keys = seen[b, h, t].nonzero()[:, 0]
                scores = (k[b, h, keys].to(wide) * q[b, h, t].to(wide)).sum(-1) * K**-0.5
                weights = torch.softmax(scores, 0)
                rows.append((weights[:, None] * v[b, h, keys].to(wide)).sum(0))
    return torch.stack(rows).reshape(B, H, T, v.shape[-1]).to(q.dtype)
