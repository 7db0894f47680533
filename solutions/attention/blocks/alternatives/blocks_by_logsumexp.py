"""Each block's own attention and the logarithm of its sum, merged pair by pair as flash decoding does."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    _check_mask(mask)
    dtype = torch.promote_types(q.dtype, torch.float32)
    result = torch.zeros(*q.shape[:-1], v.shape[-1], dtype=dtype)
    log_total = torch.full((*q.shape[:-1], 1), -1e30, dtype=dtype)
    for start in range(0, k.shape[-2], block):
        scores = q.to(dtype) @ k[:, :, start : start + block].to(dtype).mT * q.shape[-1] ** -0.5
        if mask is not None:
            columns = mask if mask.shape[-1] == 1 else mask[..., start : start + block]
            scores = torch.where(columns, scores, -1e30)
        here = torch.logsumexp(scores, dim=-1, keepdim=True)
        both = torch.logaddexp(log_total, here)
        mixed = torch.softmax(scores, dim=-1) @ v[:, :, start : start + block].to(dtype)
        result = result * torch.exp(log_total - both) + mixed * torch.exp(here - both)
        log_total = both
    return (result * (log_total > -1e29)).to(q.dtype)
