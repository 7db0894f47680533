"""You penalise every token that any row holds. The rows are texts of their own: what one has said, another
may still say."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    return _right(logits, tokens.reshape(1, -1).expand(len(tokens), -1), penalty)
