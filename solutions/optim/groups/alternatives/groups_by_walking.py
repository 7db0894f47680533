"""Two dicts by identity, filled module by module; the group without decay comes first."""


def decay_groups(model, weight_decay):
    with_decay, without = {}, {}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.requires_grad:
                (with_decay if p.dim() > 1 else without)[id(p)] = p
    return [
        dict(params=list(without.values()), weight_decay=0),
        dict(params=list(with_decay.values()), weight_decay=weight_decay),
    ]
