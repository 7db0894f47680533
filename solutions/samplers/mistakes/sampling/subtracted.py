"""You subtract the penalty. That is another rule, the presence penalty; here a logit is divided or
multiplied."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, tokens, True)
    return torch.where(seen, logits - penalty, logits)
