"""At temperature 0 you keep a single token where several have the same highest logit. However cold it is,
equal logits stay equal: all of them share."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    if temperature == 0:
        return torch.full_like(logits, -torch.inf).scatter(-1, logits.argmax(dim=-1, keepdim=True), 0.0)
    return _right(logits, temperature)
