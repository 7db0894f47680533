"""You accept a penalty of 0 or less, or NaN. Dividing by it turns likely tokens into impossible or certain
ones. Refuse it as the docstring says."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    return _right(logits, tokens, penalty) if penalty > 0 else logits.clone()
