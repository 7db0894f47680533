"""einsum, a mask that is added, and an explicit softmax; the result is not contiguous."""


def attend(q, k, v, mask=None):
    _check_mask(mask)
    dtype = torch.promote_types(q.dtype, torch.float32)
    logits = torch.einsum("bhtk,bhsk->bhts", q.to(dtype) / q.size(-1) ** 0.5, k.to(dtype))
    if mask is not None:
        logits = logits + torch.zeros(mask.shape, dtype=dtype).masked_fill(~mask, -1e30)
    exps = torch.exp(logits - logits.max(dim=-1, keepdim=True).values)
    if mask is not None:
        exps = torch.where(mask, exps, 0.0)
    weights = exps / exps.sum(dim=-1, keepdim=True).clamp(min=1e-30)
    return torch.einsum("bhts,bhsk->bthk", weights, v.to(dtype)).to(q.dtype).transpose(1, 2)
