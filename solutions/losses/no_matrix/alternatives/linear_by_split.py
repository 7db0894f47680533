"""Chunks by split, log_softmax, and a one-hot matrix of the chunk."""


def linear_cross_entropy(hidden, weight, targets, chunk=1024):
    if chunk < 1 or len(targets) != len(hidden):
        raise ValueError("chunk or targets")
    hidden, weight = (
        x if x.dtype == torch.float64 else x.float() for x in (hidden.detach(), weight.detach())
    )
    total, d_hidden, d_weight = 0.0, [], torch.zeros_like(weight)
    for rows, asked in zip(hidden.split(chunk), targets.split(chunk), strict=True):
        log_p = torch.log_softmax(rows @ weight.mT, dim=1)
        one_hot = torch.zeros_like(log_p).scatter(1, asked.unsqueeze(1), 1.0)
        total = total - log_p[one_hot > 0].sum()
        error = log_p.exp() - one_hot
        d_hidden.append(error.matmul(weight))
        d_weight.add_(error.mT @ rows)
    n = len(hidden)
    return total / n, torch.cat(d_hidden) / n, d_weight / n
