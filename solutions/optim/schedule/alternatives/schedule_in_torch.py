"""Both pieces as tensors over all steps, of which one is taken."""


def cosine_with_warmup(step, *, peak, warmup, total, floor=0.0):
    if peak < floor or total < warmup or floor < 0 or warmup < 0 or step < 0:
        raise ValueError(f"{step=} {peak=} {warmup=} {total=} {floor=}")
    rise = peak * torch.arange(1, warmup + 1) / max(warmup, 1)
    angles = torch.linspace(0, torch.pi, total - warmup + 1, dtype=torch.float64)[:-1]
    fall = floor + (peak - floor) * (torch.cos(angles) + 1) / 2
    everything = torch.cat([rise, fall, torch.tensor([floor], dtype=torch.float64)])
    return everything[min(step, total)].item()
