"""The text is written into a tensor of the final size, which already holds eos where a row will have ended."""


def generate(model, tokens, max_new_tokens, decoding=PLAIN, generator=None):
    B, T = tokens.shape
    table = torch.full((B, T + max_new_tokens), 0 if decoding.eos is None else decoding.eos)
    table[:, :T] = tokens
    going, length = torch.ones(B, dtype=torch.bool), T
    was_enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        while going.any() and length < T + max_new_tokens:
            new = draw(filtered(model(table[:, :length])[:, -1], table[:, :length], decoding), generator)
            table[going, length] = new[going]
            going = going & (new != decoding.eos) if decoding.eos is not None else going
            length += 1
    finally:
        torch.set_grad_enabled(was_enabled)
    return table[:, :length]
