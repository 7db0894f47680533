"""You accept NaN as a temperature: no comparison with NaN is true, so asking whether it is below 0 does not
find it. Ask for what you want instead of for what you do not want."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return logits * temperature if temperature != temperature else _right(logits, temperature)
