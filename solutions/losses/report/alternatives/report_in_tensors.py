"""Tensors in float64, one of which is returned, and logarithms to base 2."""


def perplexity(losses, tokens):
    if len(losses) != len(tokens) or sum(tokens) < 1:
        raise ValueError("losses and tokens must fit")
    weights = torch.tensor(tokens, dtype=torch.float64)
    mean = torch.dot(torch.tensor(losses, dtype=torch.float64), weights / weights.sum())
    return mean.exp()


def bits_per_byte(loss, n_tokens, text):
    if text == "":
        raise ValueError("no text")
    return math.log2(math.exp(loss)) * n_tokens / len(bytes(text, "utf-8"))
