"""You keep tokens while the sum including themselves is below p. So the token with which p is reached is
missing, at p = 1 the last one goes or stays as the sum happens to be rounded, and when the first token alone
reaches p nothing is left to draw from. Ask for the sum before each token instead."""


def keep_top_p(logits, p):
    order = logits.argsort(dim=-1, stable=True).flip(-1)
    up_to = logits.softmax(dim=-1).gather(-1, order).cumsum(dim=-1)
    if not (up_to < p).any(dim=-1).all():
        raise ValueError("'a' cannot be empty unless no samples are taken")
    inside = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, order, up_to < p)
    return logits.masked_fill(~inside, -torch.inf)
