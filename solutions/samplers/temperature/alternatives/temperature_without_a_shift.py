"""Plain division in float64, where nothing overflows that matters; the shift comes only if the dtype is narrow."""


def apply_temperature(logits, temperature):
    if temperature != temperature or temperature < 0:
        raise ValueError(f"temperature is {temperature}, it must not be negative")
    if temperature == 0:
        return torch.where(logits == logits.max(dim=-1, keepdim=True).values, 0.0, -torch.inf).to(
            logits.dtype
        )
    if temperature == torch.inf:
        return torch.where(logits > -torch.inf, 0.0, -torch.inf).to(logits.dtype)
    divided = logits.double() / temperature
    wide = divided.abs().masked_fill(divided.isinf(), 0.0).max() > 1000
    return (divided - divided.max(dim=-1, keepdim=True).values if wide else divided).to(logits.dtype)
