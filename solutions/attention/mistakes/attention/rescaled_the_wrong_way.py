"""Your factor is exp(new - old), which makes earlier sums larger when the maximum rises. Next to a larger
maximum they count for less."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    wide = torch.promote_types(q.dtype, torch.float32)
    lowest = torch.finfo(wide).min
    mask = torch.ones(k.shape[-2], dtype=torch.bool) if mask is None else mask
    mask = mask.expand(*mask.shape[:-1], k.shape[-2])
    highest, total, mixed = None, 0.0, 0.0
    for start in range(0, k.shape[-2], block):
        keys = slice(start, start + block)
        scores = q.to(wide) @ k[..., keys, :].to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~mask[..., keys], lowest)
        here = scores.amax(dim=-1, keepdim=True)
        raised = here if highest is None else torch.maximum(highest, here)
        shrink = 1.0 if highest is None else (raised - highest).exp()
        weights = (scores - raised).exp().masked_fill(~mask[..., keys], 0.0)
        total = total * shrink + weights.sum(dim=-1, keepdim=True)
        mixed = mixed * shrink + weights @ v[..., keys, :].to(wide)
        highest = raised
    return (mixed / total.masked_fill(total == 0, 1.0)).to(v.dtype)
