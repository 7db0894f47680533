"""Row by row: the set of tokens that occur."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError("penalty")
    result = logits.clone()
    for row, held in zip(result, tokens.tolist(), strict=True):
        for token in set(held):
            row[token] = row[token] / penalty if row[token] > 0 else row[token] * penalty
    return result
