"""You take the scores in half precision. Near 600 float16 steps by 0.5 and bfloat16 by 4, so that keys
which differ look alike to the softmax. Widen q and k before you multiply them."""


def attend(q, k, v, mask=None):
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    scores_BHTS = scores_BHTS.masked_fill(~mask, torch.finfo(q.dtype).min)
    return scores_BHTS.softmax(dim=-1).masked_fill(~mask, 0.0) @ v
