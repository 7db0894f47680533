"""At small temperatures your logits leave the range of their dtype: float16 ends at 65504, and inf - inf is
NaN. Only differences within a row count, so take off something that makes the highest result 0."""

_right = apply_temperature


def apply_temperature(logits, temperature):
    return logits / temperature if 0 < temperature < torch.inf else _right(logits, temperature)
