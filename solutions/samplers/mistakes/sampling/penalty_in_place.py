"""The result is right, but you write it into the logits you were given. Whoever called you wants to use them
again: the functions whose names end in an underscore change their input."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    return logits.copy_(_right(logits, tokens, penalty))
