"""Your temperature 0 leaves the logits as they are. It is the coldest of all, not "no temperature": a row's
highest logits take everything."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return _right(logits, temperature or 1.0)
