"""Inputs that the probes of this assignment share.

Sizes differ on purpose (B=2, H=3, T=5, S=7, K=4), so that no axis can pass for another.
"""

import torch


def qkv(rng, T=5, S=7, K=4, dtype=torch.float32):
    return [rng.normal(2, 3, n, K, dtype=dtype) for n in (T, S, S)]


def random_mask(rng, *shape):
    """Return a random mask in which every query may look at the first key, at least."""
    mask = rng.uniform(*shape) < 0.5
    mask[..., 0] = True
    return mask


def close_calls(rng, S, dtype):
    """Return q, k, v whose scores are large and nearly equal: rounding a score to half precision shows."""
    q, k, v = qkv(rng, S=S, K=6)
    return [x.to(dtype) for x in (16 + q / 10, 16 + k / 10, v)]


def steep_scores(rng, S):
    """Return q, k, v whose scores are in the hundreds.

    Such scores are rounded by as much as 0.0001, and weights with them. So the values, and with them the result, keep
    away from zero, near which no such error would be allowed.
    """
    q, k, v = qkv(rng, S=S)
    return 10 * q, 10 * k, 4 + v


def drawn_layer(lib, rng, D, H, G=None, bias=True):
    """Return a MultiHeadAttention with drawn parameters."""
    layer = lib.attention.MultiHeadAttention(D, H, G, bias)
    for linear in (layer.query, layer.key, layer.value, layer.out):
        for parameter in linear.parameters():
            parameter.data = rng.normal(*parameter.shape) / 2
    return layer
