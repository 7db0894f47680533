"""-ln σ(z) = softplus(-z), of matrix products."""


def negative_sampling_loss(centre, context, negatives):
    u = widen(centre).unsqueeze(-1)
    true = widen(context).unsqueeze(1) @ u
    drawn = widen(negatives) @ u
    return F.softplus(-true).mean() + F.softplus(drawn).sum(dim=1).mean()
