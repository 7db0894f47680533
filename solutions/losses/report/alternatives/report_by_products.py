"""The perplexity as a weighted geometric mean of the batches'; bytes counted one character after the other."""


def perplexity(losses, tokens):
    if len(losses) != len(tokens) or not sum(tokens):
        raise ValueError("one number of tokens a loss")
    result = 1.0
    for loss, n in zip(losses, tokens, strict=True):
        result *= math.exp(loss) ** (n / sum(tokens))
    return result


def bits_per_byte(loss, n_tokens, text):
    n_bytes = sum(len(character.encode("utf8")) for character in text)
    if n_bytes == 0:
        raise ValueError("no text")
    return n_tokens * loss / (n_bytes * math.log(2))
