"""A loop over the rows, each in a list."""


def apply_temperature(logits, temperature):
    if temperature < 0 or temperature != temperature:
        raise ValueError(f"{temperature} is below 0")
    rows = []
    for row in logits.tolist():
        top = max(row)
        if temperature == 0:
            rows.append([0.0 if x == top else -torch.inf for x in row])
        else:
            rows.append([x if x == -torch.inf else (x - top) / temperature for x in row])
    return torch.tensor(rows, dtype=torch.float64).to(logits.dtype)
