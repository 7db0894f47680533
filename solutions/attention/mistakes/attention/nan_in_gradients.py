"""Your result is right, but where a query may look at nothing the gradients are NaN: putting zeros in place
of NaN after the softmax repairs the values, not their derivatives. Keep the NaN from arising."""


def attend(q, k, v, mask=None):
    wide = torch.promote_types(q.dtype, torch.float32)
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    weights_BHTS = (scores_BHTS + torch.where(mask, 0.0, -torch.inf)).softmax(dim=-1).nan_to_num(0.0)
    return weights_BHTS.to(v.dtype) @ v
