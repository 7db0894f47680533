"""Read the logits of the tokens, change them, write them back; a token that occurs twice is written twice alike."""


def repetition_penalty(logits, tokens, penalty):
    if penalty <= 0 or penalty != penalty:
        raise ValueError(f"a penalty of {penalty} makes no sense")
    at = logits.gather(-1, tokens)
    changed = torch.where(at < 0, at * penalty, at / penalty)
    return logits.clone().scatter_(-1, tokens, changed)
