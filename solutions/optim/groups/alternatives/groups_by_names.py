"""Sets of names, each looked up again."""


def decay_groups(model, weight_decay):
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    matrices = {name for name, p in named.items() if len(p.shape) >= 2}
    vectors = named.keys() - matrices
    return [
        {"params": [named[name] for name in sorted(matrices)], "weight_decay": weight_decay},
        {"params": [named[name] for name in sorted(vectors)], "weight_decay": 0.0},
    ]
