"""You add up along the batch. The running sum goes from token to token within one row, along the last axis,
and ends at 1 in each row."""


def sample(probs, u):
    _check_probs(probs, u)
    up_to = probs.double().cumsum(dim=0)
    return (up_to <= u.double()[:, None] * up_to[:, -1:]).sum(dim=-1).clamp(max=probs.shape[-1] - 1)
