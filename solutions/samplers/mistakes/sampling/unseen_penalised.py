"""You penalise the tokens that the row does not hold. Print which logits change."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, tokens, True)
    return torch.where(~seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)
