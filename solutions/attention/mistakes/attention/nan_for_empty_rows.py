"""A query that may look at nothing gets NaN: all its scores are -inf, and its softmax is 0/0. It should get
zeros."""


def attend(q, k, v, mask=None):
    wide = torch.promote_types(q.dtype, torch.float32)
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    return scores_BHTS.masked_fill(~mask, -torch.inf).softmax(dim=-1).to(v.dtype) @ v
