"""Your tempered logits are float32, whatever came in. Computing in float32 is right for half precision; the
result should go back to the dtype of the logits, and float64 should stay what it is."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return _right(logits.float(), temperature)
