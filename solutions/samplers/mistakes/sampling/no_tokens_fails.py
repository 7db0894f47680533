"""You fail when the rows hold no tokens yet. Then there is nothing to penalise, and the logits come back as
they were."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    if penalty > 0 and tokens.amin(dim=-1).shape != tokens.shape[:1]:
        raise ValueError("no tokens")
    return _right(logits, tokens, penalty)
