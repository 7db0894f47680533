"""Mean losses weighted by their share of the targets, and torch's own clipping."""


def train_step(model, micro_batches, optimizer, clip=None, precision="float32", scaler=None):
    from lib.cross_entropy import cross_entropy
    from lib.precision import autocast

    optimizer.zero_grad()
    shares = [int(y.ne(-100).sum()) for _, y in micro_batches]
    if not any(shares):
        raise ValueError("no target")
    seen = 0.0
    for (x, y), share in zip(micro_batches, shares, strict=True):
        with autocast("cpu", precision):
            logits = model(x)
        part = cross_entropy(logits, y) * (share / sum(shares))
        seen += part.item()
        if scaler is not None:
            part = scaler.scaled(part)
        part.backward()
    good = scaler.unscale(model.parameters()) if scaler is not None else True
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf") if clip is None else clip)
    good = bool(good and norm.isfinite() and seen - seen == 0)
    if good:
        optimizer.step()
    if scaler is not None:
        scaler.update(good)
    return Step(seen, norm.item(), not good)
