"""What the exercise adamw asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import betas, between, gradients, parameters, rates, signed, walk

from check import probe


@probe(exercise="adamw", points=3)
def decoupled(lib, rng):
    """Where the gradient is 0 only the decay moves p: by the factor 1 - ηλ, with the rate of the step and its group's λ."""
    ps = parameters(rng, (3,), (2, 2))
    groups = [
        {"params": ps[:1]},
        {"params": ps[1:], "weight_decay": between(rng, 0.7, 0.9)},
    ]
    optimizer = lib.optim.AdamW(groups, weight_decay=between(rng, 0.2, 0.5))
    return walk(optimizer, ps, [[torch.zeros_like(p) for p in ps]] * 3, rates(rng, 3))


@probe(exercise="adamw", points=1)
def no_decay(lib, rng):
    """With λ = 0 it is Adam."""
    ps = parameters(rng, (4,))
    optimizer = lib.optim.AdamW(ps, lr=0.1, betas=betas(rng), weight_decay=0.0)
    return walk(optimizer, ps, gradients(rng, ps, 3))


@probe(exercise="adamw", points=1)
def decay_first(lib, rng):
    """p shrinks first, and Adam's step is taken from there."""
    ps = parameters(rng, (5,))
    optimizer = lib.optim.AdamW(ps, lr=0.3, betas=betas(rng), weight_decay=between(rng, 0.4, 0.6))
    return walk(optimizer, ps, [[signed(rng, *p.shape) for p in ps] for _ in range(4)])
