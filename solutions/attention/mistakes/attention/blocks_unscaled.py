"""You do not divide the blocks' scores by √K."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    wide = torch.promote_types(q.dtype, torch.float32)
    lowest = torch.finfo(wide).min
    mask = torch.ones(k.shape[-2], dtype=torch.bool) if mask is None else mask
    mask = mask.expand(*mask.shape[:-1], k.shape[-2])
    highest = torch.full((*q.shape[:-1], 1), lowest, dtype=wide)
    total, mixed = torch.zeros_like(highest), torch.zeros_like(q, dtype=wide)
    for start in range(0, k.shape[-2], block):
        keys = slice(start, start + block)
        scores = q.to(wide) @ k[..., keys, :].to(wide).transpose(-2, -1)
        scores = scores.masked_fill(~mask[..., keys], lowest)
        raised = torch.maximum(highest, scores.amax(dim=-1, keepdim=True))
        shrink = (highest - raised).exp()
        weights = (scores - raised).exp().masked_fill(~mask[..., keys], 0.0)
        total = total * shrink + weights.sum(dim=-1, keepdim=True)
        mixed = mixed * shrink + weights @ v[..., keys, :].to(wide)
        highest = raised
    return (mixed / total.masked_fill(total == 0, 1.0)).to(v.dtype)
