"""You divide every logit, the negative ones too. That brings them closer to 0, so a token that came before
becomes more likely. Compare the probabilities before and after."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, tokens, True)
    return torch.where(seen, logits / penalty, logits)
