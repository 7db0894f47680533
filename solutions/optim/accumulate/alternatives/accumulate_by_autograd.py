"""Gradients by torch.autograd.grad, added by hand; a micro-batch without targets is passed over."""


def accumulate(model, micro_batches):
    weights = [(targets != IGNORED).sum().item() for _, targets in micro_batches]
    if not any(weights):
        raise ValueError("no target counts")
    learned, mean = [p for p in model.parameters() if p.requires_grad], 0.0
    for (x, targets), weight in zip(micro_batches, weights, strict=True):
        if not weight:
            continue
        share = weight / sum(weights)
        loss = cross_entropy(model(x), targets)
        for p, gradient in zip(learned, torch.autograd.grad(loss, learned), strict=True):
            p.grad = gradient * share if p.grad is None else p.grad + gradient * share
        mean += share * loss.item()
    return mean
