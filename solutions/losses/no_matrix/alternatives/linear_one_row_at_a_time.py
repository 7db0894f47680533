"""One row at a time, whatever the chunk."""


def linear_cross_entropy(hidden, weight, targets, chunk=1024):
    if chunk < 1 or targets.shape != hidden.shape[:1]:
        raise ValueError(f"{chunk=}")
    dtype = torch.float64 if hidden.dtype == torch.float64 else torch.float32
    hidden, weight, n = hidden.to(dtype), weight.to(dtype), len(hidden)
    losses, d_hidden, d_weight = (
        [],
        torch.zeros(hidden.shape, dtype=dtype),
        torch.zeros(weight.shape, dtype=dtype),
    )
    for i, (x, target) in enumerate(zip(hidden, targets.tolist(), strict=True)):
        logits = weight @ x
        p = logits.softmax(dim=0)
        losses.append(logits.logsumexp(dim=0) - logits[target])
        p[target] -= 1
        d_hidden[i] = p @ weight / n
        d_weight += torch.outer(p, x) / n
    return torch.stack(losses).mean(), d_hidden, d_weight
