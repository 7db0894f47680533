"""Log-probabilities are logits whose highest differences are the same; a tiny floor stands for temperature 0."""


def apply_temperature(logits, temperature):
    if not temperature >= 0:
        raise ValueError("no negative temperatures")
    wide = logits.double()
    finite = wide > -torch.inf
    highest = wide.amax(dim=-1, keepdim=True)
    exponents = torch.where(finite, (wide - highest) / max(temperature, 1e-300), -torch.inf)
    return exponents.log_softmax(dim=-1).to(logits.dtype)
