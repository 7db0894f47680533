"""You penalise only the last token of each row. All that the row holds count, however long ago they came."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    return _right(logits, tokens[:, -1:], penalty)
