"""You divide probabilities, not logits, and give probabilities back. The rule works on logits, and logits are
asked."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, tokens, True)
    return torch.where(seen, logits.softmax(dim=-1) / penalty, logits.softmax(dim=-1))
