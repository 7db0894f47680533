"""You refuse temperature 0. Dividing by it is impossible, but the limit makes sense, and it is what everybody
means by 0: the greedy choice."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    if temperature <= 0:
        raise ValueError(f"temperature={temperature} must be larger than 0")
    return _right(logits, temperature)
