"""You penalise a token as often as it occurs. Once is asked, however often: try a row that holds the same
token three times."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    for column in tokens.T:
        logits = _right(logits, column[:, None], penalty)
    return logits if tokens.shape[1] else _right(logits, tokens, penalty)
