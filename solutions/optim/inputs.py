"""Inputs that the probes of this assignment share.

An optimiser is asked where its parameters are after each of a few steps, with gradients that stay away from 0, so that
every wrong step shows. Rates and decays are large: what differs at second order differs by a hundredth then.
"""

import torch

from check import value_or


def signed(rng, *shape, dtype=torch.float32):
    """Return numbers of either sign whose size lies between 1/2 and 3/2."""
    return ((0.5 + rng.uniform(*shape)) * (2 * rng.integers(0, 2, *shape) - 1)).to(dtype)


def parameters(rng, *shapes):
    """Return a parameter of each shape; its numbers lie between 1 and 2, so that decay shows in each."""
    return [(1 + rng.uniform(*shape)).requires_grad_() for shape in shapes]


def gradients(rng, ps, steps):
    """Return for each step a gradient for each parameter."""
    return [[signed(rng, *p.shape) for p in ps] for _ in range(steps)]


def between(rng, low, high):
    """Return one number from low to high."""
    return low + (high - low) * rng.uniform(1).item()


def betas(rng):
    """Return two decay rates that are far from each other."""
    return between(rng, 0.6, 0.8), between(rng, 0.9, 0.97)


def walk(optimizer, ps, steps, rates=None):
    """Do a step for each list of gradients, None where a parameter has none; return where each parameter was in turn.

    Each path begins at the start, so that it has numbers even if every step leads to NaN; and from NaN or inf a parameter
    is put back to where it was, so that the steps after it have numbers.
    rates are those of the steps, for all groups; without them each group keeps its own.
    """
    path = [[p.detach().clone()] for p in ps]
    for number, row in enumerate(steps):
        for group in optimizer.param_groups if rates else []:
            group["lr"] = rates[number]
        for p, gradient in zip(ps, row, strict=True):
            p.grad = None if gradient is None else gradient.clone()
        optimizer.step()
        for p, places in zip(ps, path, strict=True):
            places.append(p.detach().clone())
            _put_back(p, places)
    return {f"parameter {i}": torch.stack(places) for i, places in enumerate(path)}


@torch.no_grad()
def _put_back(p, places):
    """Set each entry of p that is not finite to the last of its places that was."""
    for place in reversed(places):
        p.copy_(torch.where(p.isfinite(), p, place))


def rates(rng, steps):
    """Return a rate for each step, no two neighbours alike."""
    return [between(rng, 0.1, 0.2) * (1 + number % 3) for number in range(steps)]


def in_random_order(rng, kinds):
    """Return the kinds in a random order."""
    return [kinds[i] for i in rng.permutation(len(kinds)).tolist()]


def number(x):
    """Return a number as a float, also if it is a tensor that hangs on a graph."""
    return float(x.detach() if isinstance(x, torch.Tensor) else x)


def number_or(instead, call, *args, **kwargs):
    """Return the number that call gives, or instead of any error that one: division by 0 is an error or inf or NaN.

    Whoever returns None instead of a number makes another mistake, which ends in an error of its own.
    """
    return number(value_or(instead, call, *args, **kwargs))
