"""Your penalised logits are float32, whatever came in. The result should have the dtype of the logits."""

_right = repetition_penalty


def repetition_penalty(logits, tokens, penalty):
    return _right(logits.float(), tokens, penalty)
