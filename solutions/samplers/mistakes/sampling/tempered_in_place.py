"""You write into the logits you were given. Whoever called you wants to use them again: make a new tensor."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return logits.copy_(_right(logits, temperature))
