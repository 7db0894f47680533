"""One text after the other, by Gumbel noise: the highest of logits plus noise is a draw from their softmax."""


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
        raise ValueError("max_new_tokens must not be negative")
    rows, texts = len(tokens), [row[None] for row in tokens]
    # All rows go on together only as far as the model asks for a batch: ended rows are dropped from the count.
    for number in range(max_new_tokens):
        if number and eos is not None and all((text[0, tokens.shape[1] :] == eos).any() for text in texts):
            break
        with torch.no_grad():
            batch = torch.cat(texts)
            logits = apply_temperature(repetition_penalty(model(batch)[:, -1], batch, penalty), temperature)
        if top_k is not None:
            logits = keep_top_k(logits, top_k)
        if top_p is not None:
            logits = keep_top_p(logits, top_p)
        noise = -torch.empty(logits.shape, dtype=torch.float64).exponential_(generator=generator).log()
        new = (logits.double() + noise).argmax(dim=-1)
        for row in range(rows):
            over = eos is not None and bool((texts[row][0, tokens.shape[1] :] == eos).any())
            token = torch.tensor([[eos]]) if over else new[row].view(1, 1)
            texts[row] = torch.cat([texts[row], token], dim=1)
    return torch.cat(texts)
