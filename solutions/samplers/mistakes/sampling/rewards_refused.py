"""You refuse a penalty below 1. It is unusual but makes sense: it rewards what came before. Only what is not
above 0 has to be refused."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    if not penalty >= 1:
        raise ValueError(f"penalty={penalty} must be at least 1")
    return _right(logits, tokens, penalty)
