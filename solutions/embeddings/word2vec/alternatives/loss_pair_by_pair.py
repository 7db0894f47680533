"""Pair by pair, and negative by negative."""


def negative_sampling_loss(centre, context, negatives):
    total = 0.0
    for u, v, noise in zip(widen(centre), widen(context), widen(negatives), strict=True):
        total = total + torch.logaddexp(torch.zeros_like(u[0]), -(u @ v))
        for n in noise:
            total = total + torch.logaddexp(torch.zeros_like(u[0]), u @ n)
    return total / centre.shape[0]
