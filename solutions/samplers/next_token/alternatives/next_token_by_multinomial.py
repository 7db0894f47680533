"""All four filters always, since at their neutral values they change no probability; torch.multinomial draws."""


def filtered(logits, tokens, decoding):
    logits = apply_temperature(repetition_penalty(logits, tokens, decoding.penalty), decoding.temperature)
    logits = keep_top_k(logits, logits.shape[-1] if decoding.top_k is None else decoding.top_k)
    return keep_top_p(logits, 1.0 if decoding.top_p is None else decoding.top_p)


def draw(logits, generator=None):
    return torch.multinomial(logits.float().softmax(dim=-1), 1, generator=generator)[:, 0]
