"""Which tokens occur, by one-hot vectors; the factor is the penalty or its inverse."""


def repetition_penalty(logits, tokens, penalty):
    if not penalty > 0:
        raise ValueError(f"penalty={penalty}")
    held = (tokens[:, :, None] == torch.arange(logits.shape[-1])).any(dim=1)
    wide = logits.double()
    factor = torch.where(wide > 0, 1 / penalty, float(penalty))
    return torch.where(held, wide * factor, wide).to(logits.dtype)
