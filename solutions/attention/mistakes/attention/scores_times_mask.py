"""You multiply the scores by the mask. A hidden key then has the score 0, and exp(0) = 1: it still gets
weight. How low must a score be for its weight to be 0?"""


def attend(q, k, v, mask=None):
    wide = torch.promote_types(q.dtype, torch.float32)
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    return (scores_BHTS * mask).softmax(dim=-1).to(v.dtype) @ v
