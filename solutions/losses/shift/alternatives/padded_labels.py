"""Labels of the full length, the last of which is ignored, as in Hugging Face's losses."""


def next_token_loss(logits, tokens, keep=None):
    if tokens.shape[1] < 2:
        raise ValueError("no next token")
    labels = tokens.clone()
    if keep is not None:
        if keep.dtype != torch.bool or keep.shape != tokens.shape:
            raise ValueError("keep must be a mask")
        labels[~keep] = -100
    labels = F.pad(labels, (0, 1), value=-100)[:, 1:]
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum") / (labels != -100).sum()
