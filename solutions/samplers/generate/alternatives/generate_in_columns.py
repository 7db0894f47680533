"""A plain loop over steps that keeps the text as a list of columns."""


def generate(model, tokens, max_new_tokens, decoding=PLAIN, generator=None):
    columns, going = list(tokens.T), torch.ones(len(tokens), dtype=torch.bool)
    with torch.inference_mode():
        for _ in range(max_new_tokens):
            so_far = torch.stack(columns, dim=1)
            logits = filtered(model(so_far)[:, -1, :], so_far, decoding)
            new = draw(logits, generator=generator)
            if decoding.eos is not None:
                new[~going] = decoding.eos
                going &= new != decoding.eos
            columns.append(new)
            if not going.any():
                break
    return torch.stack(columns, dim=1).clone()
