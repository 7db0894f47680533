"""A loop over the rows, each with its maximum taken off by hand."""


def cross_entropy(logits, targets, ignore_index=-100, label_smoothing=0.0):
    _check_targets(logits, targets, ignore_index)
    if label_smoothing < 0 or label_smoothing > 1:
        raise ValueError("no such smoothing")
    wide = logits if logits.dtype == torch.float64 else logits.float()
    losses = []
    for row, target in zip(wide.reshape(-1, wide.shape[-1]), targets.reshape(-1).tolist(), strict=True):
        if target == ignore_index:
            continue
        below = row - row.max().detach()
        normaliser = below.exp().sum().log()
        loss = normaliser - below[target]
        smooth = normaliser - below.mean()
        losses.append((1 - label_smoothing) * loss + label_smoothing * smooth)
    return torch.stack(losses).mean() if losses else 0 * wide.nan_to_num(0.0, 0.0, 0.0).sum()
