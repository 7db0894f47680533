"""What each block gives is kept, and all of it is put together once the highest score is known."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    _check_mask(mask)
    wide = torch.promote_types(q.dtype, torch.float32)
    S = k.shape[-2]
    allowed = torch.ones(1, S, dtype=torch.bool, device=q.device) if mask is None else mask
    allowed = allowed.expand(*allowed.shape[:-1], S)
    parts = [_part(q.to(wide), k, v, allowed, slice(i, i + block)) for i in range(0, S, block)]
    tops, totals, mixed = (torch.stack(some) for some in zip(*parts, strict=True))
    shares = (tops - tops.amax(0)).exp()
    total = (shares * totals).sum(0)
    return torch.where(total > 0, (shares * mixed).sum(0) / total, 0.0).to(v.dtype)


def _part(q, k, v, allowed, keys):
    scores = torch.einsum("bhtk,bhsk->bhts", q, k[..., keys, :].to(q.dtype)) / math.sqrt(q.shape[-1])
    scores = scores.masked_fill(~allowed[..., keys], torch.finfo(q.dtype).min)
    top = scores.amax(-1, keepdim=True)
    exps = (scores - top).exp() * allowed[..., keys]
    return top, exps.sum(-1, keepdim=True), exps @ v[..., keys, :].to(q.dtype)
