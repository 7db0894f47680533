"""Token by token in lists."""


def mask_tokens(tokens, maskable, u, mask_id, vocab_size, share=0.15):
    if maskable.shape != tokens.shape or tuple(u.shape) != (3, *tokens.shape):
        raise ValueError("shapes differ")
    read, labels = tokens.tolist(), [[-100] * len(row) for row in tokens]
    for b, row in enumerate(tokens.tolist()):
        for t, token in enumerate(row):
            choose, kind, which = u[:, b, t].tolist()
            if maskable[b, t] and choose < share:
                labels[b][t] = token
                if kind < 0.8:
                    read[b][t] = mask_id
                elif kind < 0.9:
                    read[b][t] = int(which * vocab_size)
    return torch.tensor(read), torch.tensor(labels)
