"""log_softmax of all rows, cleaned first, then the targets by index."""


def cross_entropy(logits, targets, ignore_index=-100, label_smoothing=0.0):
    _check_targets(logits, targets, ignore_index)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"{label_smoothing=}")
    flat, asked = logits.flatten(end_dim=-2) if logits.ndim > 1 else logits[None], targets.flatten()
    mask = asked.ne(ignore_index)
    dtype = torch.float64 if logits.dtype == torch.float64 else torch.float32
    log_probs = flat.masked_fill(~mask.unsqueeze(1), 0).log_softmax(dim=1, dtype=dtype)
    picked = log_probs[torch.arange(len(asked)), torch.where(mask, asked, 0)]
    mixed = (1 - label_smoothing) * picked + label_smoothing * log_probs.mean(dim=1)
    return -torch.where(mask, mixed, 0).sum() / mask.sum().clamp(min=1)
