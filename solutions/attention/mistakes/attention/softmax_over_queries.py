"""Your softmax runs over the queries. Print the weights: each query's row should sum to 1, yours has
columns that do."""


def attend(q, k, v, mask=None):
    wide = torch.promote_types(q.dtype, torch.float32)
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores_BHTS = scores_BHTS.masked_fill(~mask, torch.finfo(wide).min)
    weights_BHTS = scores_BHTS.softmax(dim=-2).masked_fill(~mask, 0.0)
    return weights_BHTS.to(v.dtype) @ v
