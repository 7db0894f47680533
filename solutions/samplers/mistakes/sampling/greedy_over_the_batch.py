"""Your greedy compares the rows with each other: it gives one number for each token of the vocabulary. It
should give one for each row; look at which axis is left."""


def greedy(logits):
    return logits.argmax(dim=0)
