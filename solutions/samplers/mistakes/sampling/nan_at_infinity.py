"""At an infinite temperature your impossible tokens get -inf / inf, which is NaN. They stay impossible,
however hot it is."""


def apply_temperature(logits, temperature):
    if not temperature >= 0:
        raise ValueError(f"temperature={temperature} must be 0 or larger")
    wide = logits.to(torch.promote_types(logits.dtype, torch.float32))
    below = wide - wide.amax(dim=-1, keepdim=True)
    if temperature == 0:
        return torch.zeros_like(logits).masked_fill(below < 0, -torch.inf)
    return (below / temperature).to(logits.dtype)
