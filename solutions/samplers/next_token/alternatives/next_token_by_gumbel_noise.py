"""A list of steps that are asked for; the highest of logits plus noise is a draw from their softmax."""


def filtered(logits, tokens, decoding):
    steps = [
        (decoding.penalty, lambda x, penalty: repetition_penalty(x, tokens, penalty)),
        (decoding.temperature, apply_temperature),
        (decoding.top_k, keep_top_k),
        (decoding.top_p, keep_top_p),
    ]
    for setting, step in steps:
        if setting is not None:
            logits = step(logits, setting)
    return logits


def draw(logits, generator=None):
    noise = -torch.empty(logits.shape, dtype=torch.float64).exponential_(generator=generator).log()
    return (logits.double() + noise).argmax(dim=-1)
