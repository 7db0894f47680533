"""All uniform numbers at once, before the loop; the text is written into a tensor of the final size."""


def generate(
    model,
    tokens,
    max_new_tokens,
    *,
    temperature=1.0,
    top_k=None,
    top_p=None,
    penalty=1.0,
    eos=None,
    generator=None,
):
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens}")
    B, T = tokens.shape
    text = torch.full((B, T + max_new_tokens), 0 if eos is None else eos)
    text[:, :T] = tokens
    u = torch.rand(max_new_tokens, B, generator=generator, dtype=torch.float64)
    going, length = torch.ones(B, dtype=torch.bool), T
    was_enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        while going.any() and length < T + max_new_tokens:
            logits = repetition_penalty(model(text[:, :length])[:, -1], text[:, :length], penalty)
            logits = apply_temperature(logits, temperature)
            logits = keep_top_k(logits, logits.shape[-1] if top_k is None else top_k)
            logits = keep_top_p(logits, 1.0 if top_p is None else top_p)
            new = sample(logits.double().softmax(dim=-1), u[length - T])
            text[going, length] = new[going]
            going = going & (new != eos) if eos is not None else going
            length += 1
    finally:
        torch.set_grad_enabled(was_enabled)
    return text[:, :length]
