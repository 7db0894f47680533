"""Row by row and token by token in plain Python."""


def greedy(logits):
    return torch.tensor([max(range(len(row)), key=row.__getitem__) for row in logits.tolist()])


def sample(probs, u):
    tokens = []
    for row, number in zip(probs.tolist(), u.tolist(), strict=True):
        left = number * sum(row)
        token = 0
        while left >= row[token]:
            left -= row[token]
            token += 1
        tokens.append(token)
    return torch.tensor(tokens)
