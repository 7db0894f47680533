"""Normalised first, then summed in float32, and counted how many sums u has passed."""


def sample(probs, u):
    shares = probs.float() / probs.float().sum(dim=-1, keepdim=True)
    passed = (shares.cumsum(dim=-1) <= u.float()[:, None]).sum(dim=-1)
    last = shares.shape[-1] - 1 - (shares.flip(-1) > 0).float().argmax(dim=-1)
    return torch.minimum(passed, last)
