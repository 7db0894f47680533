"""torch.multinomial draws, so the generator is used in another way; texts are kept as a list of columns."""


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
    if max_new_tokens < 0 or not tokens.numel():
        raise ValueError("nothing to continue")
    columns, ended = list(tokens.T), torch.zeros(len(tokens), dtype=torch.bool)
    with torch.inference_mode():
        while len(columns) < tokens.shape[1] + max_new_tokens and not ended.all():
            text = torch.stack(columns, dim=1)
            logits = apply_temperature(repetition_penalty(model(text)[:, -1], text, penalty), temperature)
            if top_k is not None:
                logits = keep_top_k(logits, top_k)
            if top_p is not None:
                logits = keep_top_p(logits, top_p)
            new = torch.multinomial(logits.float().softmax(dim=-1), 1, generator=generator)[:, 0]
            new = torch.where(ended, new if eos is None else torch.full_like(new, eos or 0), new)
            ended = ended if eos is None else ended | (new == eos)
            columns.append(new)
    return torch.stack(columns, dim=1).clone()
