"""You divide probabilities by the temperature, not logits. That changes them all by the same factor; it is
the exponents that have to change."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return (
        _right(logits.softmax(dim=-1), temperature)
        if 0 < temperature < torch.inf
        else _right(logits, temperature)
    )
