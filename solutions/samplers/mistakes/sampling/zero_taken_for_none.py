"""You ask `if top_k`, which is false for 0 as well as for None. Only None means that nothing was asked; 0 is
a mistake to be refused."""


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
        raise ValueError(f"max_new_tokens={max_new_tokens} must not be negative")
    if tokens.ndim != 2 or not tokens.shape[1]:
        raise ValueError(f"tokens have shape {tuple(tokens.shape)}; they must be (B, T), T at least 1")
    ended = torch.zeros(len(tokens), dtype=torch.bool)
    with torch.no_grad():
        for _ in range(max_new_tokens):
            logits = repetition_penalty(model(tokens)[:, -1], tokens, penalty)
            logits = apply_temperature(logits, temperature)
            logits = keep_top_k(logits, top_k) if top_k else logits
            logits = logits if top_p is None else keep_top_p(logits, top_p)
            u = torch.rand(len(tokens), generator=generator)
            new = sample(logits.softmax(dim=-1, dtype=torch.float32), u)
            if eos is not None:
                new = new.masked_fill(ended, eos)
                ended = ended | (new == eos)
            tokens = torch.cat([tokens, new[:, None]], dim=-1)
            if ended.all():
                break
    return tokens
