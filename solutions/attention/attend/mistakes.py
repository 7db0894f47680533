"""What students get wrong in attend."""

from check import mistake, redefine, replace

unscaled = mistake(
    "You do not divide the scores by √K. Their variance grows with K, and the softmax then puts almost all weight on one key.",
    replace("attend", " / math.sqrt(q.shape[-1])", ""),
)


@redefine("attend")
def mask_after_softmax(q, k, v, mask=None):
    """You set weights to zero after the softmax, so those that are left no longer sum to 1. Hide the keys before the softmax shares out the weight."""
    wide = torch.promote_types(q.dtype, torch.float32)
    mask = torch.tensor(True) if mask is None else mask
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    return (scores_BHTS.softmax(dim=-1) * mask).to(v.dtype) @ v
