"""You take one argmax over all numbers, so a batch of five rows gives a single token, counted through the
whole table. Each row has its own most probable token: print your result's shape."""


def greedy(logits):
    return torch.tensor(int(logits.flatten().argmax()))
