"""NumPy's add.at; in the loss empty cells have the logarithm of 1 and the weight 0."""


def cooccurrence(ids, vocab_size, window, harmonic=True):
    import numpy as np

    words, total = ids.numpy(), np.zeros((vocab_size, vocab_size))
    for d in range(1, min(window, len(words) - 1) + 1):
        np.add.at(total, (words[d:], words[:-d]), 1 / d if harmonic else 1)
    return torch.from_numpy(total + total.T).float()


def glove_loss(w, w_ctx, b, b_ctx, counts, x_max=100.0, alpha=0.75):
    logs = torch.where(counts > 0, counts, 1.0).log()
    weights = (counts / x_max).pow(alpha).clamp(max=1.0) * (counts > 0)
    return (weights * (w @ w_ctx.mT + b[:, None] + b_ctx[None] - logs) ** 2).sum()
