"""One table of dot products, with the label 1 for the first column, to torch's binary cross-entropy."""


def negative_sampling_loss(centre, context, negatives):
    words = torch.cat([widen(context)[:, None], widen(negatives)], dim=1)
    logits = torch.einsum("bd,bmd->bm", widen(centre), words)
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1.0
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="sum") / len(logits)
