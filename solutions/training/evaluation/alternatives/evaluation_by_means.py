"""Means of batches weighted by their counts, in inference mode."""


@torch.inference_mode()
def evaluate(model, batches, precision="float32"):
    from torch.nn import functional as F

    training = [m for m in model.modules() if m.training]
    model.eval()
    total, n = 0.0, 0
    for x, y in batches:
        logits = model(x)
        asked = y.ne(-100).sum().item()
        if asked:
            total += F.cross_entropy(logits.flatten(0, -2), y.flatten()).item() * asked
            n += asked
    for m in training:
        m.training = True
    if n == 0:
        raise ValueError("nothing to evaluate")
    return total / n
