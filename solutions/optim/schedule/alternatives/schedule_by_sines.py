"""The square of the cosine of half the angle; what is past the end is brought back to it."""


def cosine_with_warmup(step, *, peak, warmup, total, floor=0.0):
    if min(step, peak, warmup, total, floor) < 0 or warmup > total or floor > peak:
        raise ValueError("bad numbers")
    if step < warmup:
        return (step + 1) * (peak / warmup)
    share = (step - warmup) / (total - warmup) if step < total else 1.0
    return floor + (peak - floor) * math.cos(share * math.pi / 2) ** 2
