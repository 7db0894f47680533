"""Inputs that the probes of this assignment share.

Sizes differ on purpose (B=2, H=3, T=5, S=7, K=4), so that no axis can pass for another.
"""

import torch

SMALL = {"B": 1, "H": 2, "T": 3, "S": 5}


def qkv(rng, B=2, H=3, T=5, S=7, K=4, dtype=torch.float32):
    return [rng.normal(B, H, n, K, dtype=dtype) for n in (T, S, S)]


def random_mask(rng, *shape):
    """Return a random mask in which every query may look at two keys at least, and not at all of them."""
    order = rng.uniform(*shape).argsort(dim=-1, stable=True)
    return order < rng.integers(2, shape[-1], *shape[:-1], 1)


def close_calls(rng, S, dtype):
    """Return q, k, v whose scores are large and nearly equal: rounding a score to half precision shows.

    In one head they rise with the keys, so that a later block has the highest.
    """
    q, k, v = qkv(rng, S=S, K=6)
    k[0, 0] = k[0, 0].sort(dim=0).values
    return [x.to(dtype) for x in (16 + q / 10, 16 + k / 10, v)]


def alike_in_half(rng, dtype):
    """Return q, k, v whose scores, all near 627, differ by less than half precision can tell at that height.

    One number of each key is the next below 16, 16, or the next above it. Whoever takes the scores in half precision
    finds all keys alike, in whatever order of products and division, and gives them even weights.
    """
    q, k, v = qkv(rng, 1, 2, K=6)
    q, k = torch.full_like(q, 16), torch.full_like(k, 16)
    steps = torch.stack([rng.permutation(7) % 3 - 1 for _ in range(2)])
    k[..., rng.integer(0, 6)] += steps * 16 * torch.finfo(dtype).eps
    return q.to(dtype), k.to(dtype), (4 * v).to(dtype)


def large_scores(rng, levels):
    """Return q, k, v where one query's scores with key s are about 200 times levels[s], and differ by a few.

    Another query's scores are as far below zero, and a third's a tenth of them: no number is near all of them, and
    where one query gets NaN another need not.
    Such scores are rounded by as much as 0.0001, and weights with them. So the values, and with them the
    result, keep away from zero, near which no such error would be allowed.
    """
    q, k, _ = qkv(rng, 1, 2, 3, len(levels))
    factors = torch.tensor([1, -1, 0.1])[rng.permutation(3), None]
    return factors * (10 + q / 5), 10 * levels[:, None] + k / 5, 3 + rng.uniform(*k.shape)


def with_gradients(rng, attend, inputs, mask):
    """Return what attend gives, and the gradients of its inputs."""
    leaves = [x.requires_grad_() for x in inputs]
    out = attend(*(x.clone() for x in leaves), mask)  # copies, so that attend may write into them
    found = torch.autograd.grad((out * rng.normal(*out.shape)).sum(), leaves, allow_unused=True)
    return {"result": out, **{f"d{x}": gradient for x, gradient in zip("qkv", found, strict=True)}}


def drawn_layer(lib, rng, D, H, G=None, bias=True):
    """Return a MultiHeadAttention with drawn parameters."""
    layer = lib.attention.MultiHeadAttention(D, H, G, bias)
    for linear in (layer.query, layer.key, layer.value, layer.out):
        for parameter in linear.parameters():
            parameter.data = rng.normal(*parameter.shape) / 2
    return layer
