"""What the exercise scaler asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import flat, in_random_order

from check import probe


def parameters(rng, bad=None, where=None):
    """Return three parameters with drawn gradients, but one without; the one at where has a bad number in its own."""
    found = [torch.nn.Parameter(rng.normal(*shape)) for shape in ((2, 3), (4,), (1,), (3,))]
    for number, p in enumerate(found):
        if number != 1:
            p.grad = 100 * rng.normal(*p.shape)
        if number == where:
            p.grad[rng.integer(0, len(p.grad))] = bad
    return found


def scales(lib, steps, **settings):
    """Return the scale after each step; good ones are True."""
    scaler, found = lib.precision.LossScaler(**settings), []
    for good in steps:
        scaler.update(good)
        found.append(float(scaler.scale))
    return found


@probe(exercise="scaler", points=2)
def there_and_back(lib, rng):
    """The loss is multiplied by the scale, and the gradients in .grad divided by it; a parameter may have none."""
    results = {}
    for scale in (2.0**16, 8.0, 1 + rng.uniform(1).item()):
        scaler, found = lib.precision.LossScaler(scale=scale), parameters(rng)
        loss = scaler.scaled(rng.normal(1)[0])
        scaler.unscale(found)
        gradients = flat(p.grad for p in found if p.grad is not None)
        results[f"scale {len(results)}"] = {"loss": loss, "gradients": gradients}
    return results


@probe(exercise="scaler", points=1)
def overflow(lib, rng):
    """unscale says whether all gradients are finite: inf, -inf or NaN in any of them, and they are not."""
    cases = [
        (torch.inf, 0),
        (-torch.inf, 2),
        (torch.nan, 0),
        (torch.nan, 3),
        (torch.inf, 3),
        (0.0, 3),
        (0.0, 0),
    ]
    found = []
    for bad, where in in_random_order(rng, cases, times=2):
        finite = bool(lib.precision.LossScaler(scale=4.0).unscale(parameters(rng, bad, where)))
        found.append(rng.normal(2)[int(finite)])
    return torch.stack(found)


@probe(exercise="scaler", points=1)
def up_and_down(lib, rng):
    """After interval good steps the scale grows by its factor; an overflow shrinks it at once."""
    results = {}
    for interval in (1, 3):
        settings = {"growth": 2 + rng.uniform(1).item(), "backoff": 0.3 + 0.4 * rng.uniform(1).item()}
        steps = [*[True] * interval, False] * 3
        results[f"interval {interval}"] = scales(lib, steps, scale=64.0, interval=interval, **settings)
    return results


@probe(exercise="scaler", points=1)
def counted_anew(lib, rng):
    """Good steps are counted from the last overflow, or from the last growth."""
    interval, early = rng.integer(4, 7), rng.integer(1, 3)
    # So many good steps between two overflows: too few, too few again although enough together, then twice enough.
    runs = [early, interval - early, 2 * interval + early, interval - 1, interval]
    steps = [good for run in runs for good in [*[True] * run, False]]
    return scales(lib, steps, scale=64 + 64 * rng.uniform(1).item(), interval=interval)
