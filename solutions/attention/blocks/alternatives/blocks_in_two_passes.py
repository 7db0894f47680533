"""The maximum first, over all blocks; then sums that need no rescaling."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    _check_mask(mask)
    dtype = torch.promote_types(q.dtype, torch.float32)
    S = k.shape[-2]
    parts = [slice(start, min(start + block, S)) for start in range(0, S, block)]
    highest = torch.full(q.shape[:-1], torch.finfo(dtype).min, dtype=dtype)
    for part in parts:
        highest = torch.maximum(highest, _scores(q, k, mask, part, dtype).max(dim=-1).values)
    total, mixed = 0.0, 0.0
    for part in parts:
        exps = torch.exp(_scores(q, k, mask, part, dtype) - highest[..., None].clamp(min=-1e30))
        total = total + exps.sum(dim=-1, keepdim=True)
        mixed = mixed + torch.einsum("bhts,bhsk->bhtk", exps, v[:, :, part].to(dtype))
    return torch.where(total > 0, mixed / total, 0.0).to(q.dtype)


def _scores(q, k, mask, part, dtype):
    scores = torch.einsum("bhtk,bhsk->bhts", q.to(dtype), k[:, :, part].to(dtype)) / q.shape[-1] ** 0.5
    if mask is None:
        return scores
    mask = mask if mask.shape[-1] == 1 else mask[..., part]
    return scores.masked_fill(~mask, -torch.inf)
