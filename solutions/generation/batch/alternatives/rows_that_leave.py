"""Rows leave the batch when they have ended; positions and mask are made by hand from what is real."""


def generate_batch(model, prompts, max_new_tokens, *, pad, stop=(), choose=greedy, device=None):
    if max_new_tokens < 0:
        raise ValueError("max_new_tokens")
    tokens, lengths = left_pad(prompts, pad)
    real = torch.arange(tokens.shape[1]) >= tokens.shape[1] - lengths[:, None]
    positions = (real.long().cumsum(dim=1) - 1).clamp(min=0)
    mask = (real[:, None] & torch.ones_like(real[0]).expand(len(real[0]), -1).tril())[:, None]
    cache, replies, rows = KVCache(model.n_layers), [[] for _ in prompts], list(range(len(prompts)))
    while rows and max_new_tokens:
        max_new_tokens -= 1
        new = choose(model(tokens, cache=cache, positions=positions, mask=mask)[:, -1]).tolist()
        going = [k for k, token in enumerate(new) if token not in stop]
        for k in going:
            replies[rows[k]].append(new[k])
        if len(going) < len(rows) and going:
            cache.select(torch.tensor(going))
        rows = [rows[k] for k in going]
        real = torch.cat([real[going], torch.ones(len(going), 1, dtype=torch.bool)], dim=1)
        mask, positions = real[:, None, None], positions[going, -1:] + 1
        tokens = torch.tensor([[new[k]] for k in going])
    return replies


def extend(replies, ended, new, stop):
    raise NotImplementedError("not needed here")
