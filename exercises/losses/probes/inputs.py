"""Inputs that the probes of this assignment share.

A loss is one number, and two programs can give the same by chance. So what tells a right program from a wrong
one is put into the inputs: targets with the lowest logits, texts of which a model is sure, rows of unequal length.
Beside them are some where nothing is special. Uniform numbers keep away from 0.8 and 0.9, which no dtype holds
exactly.
"""

from itertools import pairwise

import torch

from check import value_or

IGNORED = -100
HALF = (torch.float16, torch.bfloat16)


def spread(rng, N, V):
    """Return (N, V) logits, each row in its own random order, no two of a row closer than 1/2."""
    rows = [rng.permutation(V).float() for _ in range(N)]
    return torch.stack(rows) + rng.uniform(N, V) / 2 + 3 * rng.normal(N, 1)


def with_gradient(loss, *inputs):
    """Return a loss and its gradients by its inputs; where it hangs on none of them, "detached"."""
    if not (isinstance(loss, torch.Tensor) and loss.requires_grad):
        return {"loss": loss, "gradient": "detached"}
    gradients = torch.autograd.grad(loss, inputs, allow_unused=True)
    return {"loss": loss, "gradient": dict(enumerate(gradients))}


def or_error(lost, function, *inputs):
    """Return what a function does, or a text for any error: which one hangs on how a program is written."""
    kinds = (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError)
    return value_or(f"an error, not the number {lost}", function, *inputs, errors=kinds)


def as_numbers(lost, loss, logits):
    """Return a loss and its gradient as one tensor; a text where it hangs on no logit or any of them is no number.

    Which of them become NaN hangs on the formula; that any does is the fault.
    """
    if isinstance(loss, torch.Tensor) and not loss.requires_grad and is_number(loss):
        return f"no gradient, not the number {lost}"
    if not isinstance(loss, torch.Tensor) or not is_number(loss):
        return f"no number, not {lost}"
    (gradient,) = torch.autograd.grad(loss, [logits])
    return torch.cat([loss.view(1), gradient.flatten()]) if is_number(gradient) else f"no number, not {lost}"


def even_logits(rng):
    """Return logits (N + 5,), N of them 0 and the others far below, and N, which is drawn.

    Half precision rounds the logarithm of such an N to the same other number, whatever the formula.
    """
    N = (58, 62, 66, 75, 84, 108)[rng.integer(0, 6)]
    return torch.where(torch.arange(N + 5) < N, 0.0, -20.0), N


def is_number(loss):
    """Return True if a loss is neither NaN nor infinite."""
    return bool(torch.as_tensor(loss).isfinite().all())


def has_numbers(gradients):
    """Return True if gradients of `with_gradient` are neither NaN nor infinite."""
    return gradients == "detached" or all(is_number(one) for one in gradients.values() if one is not None)


def together(results):
    """Return several results of `with_gradient` as one tensor of losses, and the gradients: NaN alone would say little."""
    losses = torch.stack([torch.as_tensor(result["loss"]) for result in results])
    return {"losses": losses, "gradients": [result["gradient"] for result in results]}


def sure_texts(rng, B, T, V):
    """Return logits and tokens (B, T) of a model that is sure of each next token, except in the first row.

    No token comes twice in a text, so that no shift but the right one gives a small loss. Token V - 1, which may
    pad, does not come at all.
    """
    tokens = torch.stack([rng.permutation(V - 1)[:T] for _ in range(B)])
    logits = rng.normal(B, T, V)
    logits[1:, :-1] += 8 * torch.eye(V)[tokens[1:, 1:]]
    return logits, tokens


def drawn_masks(rng, B, share, kinds=(0, 1, 2, 3)):
    """Return u (3, B, 24) such that in each row 5 tokens are not chosen, and of the others some are of each kind.

    The kinds are masked at u[1] < 0.1, masked, random, left. All u are in the middle between two neighbouring
    64ths, and share is a multiple of 1/64. u[0] of the chosen is spread over all that lies below the share.
    """
    edge = round(64 * share)
    starts = [edge * i // 19 for i in range(20)]
    chosen = [(low, max(high, low + 1)) for low, high in pairwise(starts)] + [(edge, 64)] * 5
    ranges = [(0, 6), (7, 51), (52, 57), (58, 64)]
    second = [ranges[kinds[i % len(kinds)]] for i in range(24)]
    rows = []
    for _ in range(B):
        order = rng.permutation(24).tolist()
        rows.append([[rng.integer(*bounds[i]) for i in order] for bounds in (chosen, second, [(0, 56)] * 24)])
    return (2 * torch.tensor(rows).transpose(0, 1) + 1) / 128


def in_random_order(rng, kinds, times=1):
    """Return a list in which each of the kinds occurs as many times."""
    return [kinds[n % len(kinds)] for n in rng.permutation(times * len(kinds)).tolist()]
