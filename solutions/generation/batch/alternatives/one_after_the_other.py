"""Each prompt by itself, with a cache of its own: together is by definition the same as alone."""


def generate_batch(model, prompts, max_new_tokens, *, pad, stop=(), choose=greedy, device=None):
    if max_new_tokens < 0 or not prompts or not all(len(prompt) for prompt in prompts):
        raise ValueError("input")
    replies = []
    for prompt in prompts:
        cache, unread, reply = KVCache(model.n_layers), torch.tensor([list(prompt)]), []
        while len(reply) < max_new_tokens:
            token = choose(model(unread, cache=cache)[:, -1]).item()
            if token in stop:
                break
            reply.append(token)
            unread = torch.tensor([[token]])
        replies.append(reply)
    return replies


def extend(replies, ended, new, stop):
    for i in range(len(new)):
        if new[i] in stop:
            ended[i] = True
        elif not ended[i]:
            replies[i] += [new[i]]
