"""You accept a negative temperature, which turns the order of the tokens round: the least probable becomes
the most probable. Refuse it as the docstring says."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return -_right(-logits, -temperature) if temperature < 0 else _right(logits, temperature)
