"""You add up the probabilities in the dtype they come in. In float16 a running sum stops growing as soon as
the next probability is less than half of its last digit: with 200,000 tokens that is early. Add up in more
digits."""


def sample(probs, u):
    _check_probs(probs, u)
    up_to = probs.cumsum(dim=-1)
    target = u.to(probs.dtype)[:, None] * up_to[:, -1:]
    return (up_to <= target).sum(dim=-1).clamp(max=probs.shape[-1] - 1)
