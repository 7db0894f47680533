"""One backward through the sum of all micro-batches, the gradients by autograd.grad and put in place."""


def train_step(model, micro_batches, optimizer, clip=None, precision="float32", scaler=None):
    from torch.nn import functional as F

    from lib.precision import autocast

    total, n = 0.0, 0
    for x, y in micro_batches:
        with autocast("cpu", precision):
            logits = model(x)
        wide = logits if logits.dtype == torch.float64 else logits.float()
        total = total + F.cross_entropy(wide.movedim(-1, 1), y, reduction="sum")
        n += (y != -100).sum().item()
    if n == 0:
        raise ValueError("no target")
    loss = total / n
    parameters = [p for p in model.parameters() if p.requires_grad]
    target = loss if scaler is None else scaler.scaled(loss)
    for p, g in zip(parameters, torch.autograd.grad(target, parameters, allow_unused=True), strict=True):
        p.grad = g
    fine = True if scaler is None else scaler.unscale(parameters)
    norm = torch.cat([p.grad.flatten() for p in parameters if p.grad is not None]).norm().item()
    if clip is not None and norm > clip:
        for p in parameters:
            if p.grad is not None:
                p.grad = p.grad * (clip / norm)
    fine = fine and torch.isfinite(loss).item() and norm < float("inf")
    if fine:
        optimizer.step()
    if scaler is not None:
        scaler.update(fine)
    return Step(loss.item(), norm, not fine)
