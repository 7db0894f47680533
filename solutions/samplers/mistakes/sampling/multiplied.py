"""You multiply by the temperature. A high temperature should bring the logits closer together and make the
tokens more alike."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return _right(logits * temperature, 1.0) if 0 < temperature < torch.inf else _right(logits, temperature)
