"""The target distribution as a row of its own, one-hot or smoothed, times log-probabilities in float64."""


def cross_entropy(logits, targets, ignore_index=-100, label_smoothing=0.0):
    _check_targets(logits, targets, ignore_index)
    if not 0 <= label_smoothing <= 1:
        raise ValueError("label_smoothing must lie between 0 and 1")
    V = logits.shape[-1]
    flat, targets = logits.reshape(-1, V), targets.reshape(-1)
    out = targets == ignore_index
    clean = flat.double().masked_fill(out[:, None], 0.0)
    wanted = torch.nn.functional.one_hot(targets.masked_fill(out, 0), V) * (1 - label_smoothing)
    wanted = (wanted + label_smoothing / V) * ~out[:, None]
    loss = -(wanted * torch.log_softmax(clean, dim=-1)).sum() / max(1, int((~out).sum()))
    return loss if logits.dtype == torch.float64 else loss.float()
