"""Counts are put into their cells one by one; the loss goes through lists of cells."""


def cooccurrence(ids, vocab_size, window, harmonic=True):
    check_window(window)
    check_ids(ids, vocab_size)
    total = torch.zeros(vocab_size, vocab_size)
    for d in range(1, window + 1):
        left, right = ids[:-d], ids[d:]
        worth = torch.tensor(1 / d if harmonic else 1.0)
        total.index_put_((left, right), worth, accumulate=True)
        total.index_put_((right, left), worth, accumulate=True)
    return total


def glove_loss(w, w_ctx, b, b_ctx, counts, x_max=100.0, alpha=0.75):
    i, j = counts.nonzero(as_tuple=True)
    x = counts[i, j]
    fit = (w[i] * w_ctx[j]).sum(-1) + b[i] + b_ctx[j]
    weight = torch.where(x < x_max, (x / x_max).pow(alpha), 1.0)
    return weight @ (fit - x.log()).square()
