"""Where several logits are the highest, your greedy gives the last of them. The first is asked: try it on a
row of zeros."""


def greedy(logits):
    return logits.shape[-1] - 1 - logits.flip(-1).argmax(dim=-1)
