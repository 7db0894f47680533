"""Your apply_temperature gives probabilities. It is asked for logits: the softmax comes at the end, after the
other filters."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return _right(logits, temperature).softmax(dim=-1)
