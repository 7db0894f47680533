"""What the exercise schedule asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between, number, number_or

from check import probe


def rates_of(lib, steps, **settings):
    """Return the rates of these steps."""
    return torch.tensor([number(lib.optim.cosine_with_warmup(s, **settings)) for s in steps])


@probe(exercise="schedule", points=2)
def rise(lib, rng):
    """During warm-up the rate rises in equal parts, the first of which is that of step 0, to peak."""
    results = {}
    for warmup in (1, rng.integer(3, 6), rng.integer(7, 12)):
        total, peak = warmup + rng.integer(5, 20), between(rng, 1, 3)
        results[f"{len(results)}"] = rates_of(lib, range(warmup), peak=peak, warmup=warmup, total=total)
    return results


@probe(exercise="schedule", points=2)
def fall(lib, rng):
    """After warm-up it falls along half a cosine, which begins with peak and would reach 0 at step total."""
    warmup, rest = rng.integer(3, 6), rng.integer(6, 10)
    settings = {"peak": between(rng, 1, 3), "warmup": warmup, "total": warmup + rest}
    return rates_of(lib, range(warmup, warmup + rest), **settings)


def with_floor(rng, warmup):
    """Return drawn settings with this warm-up and a floor."""
    rest, peak = rng.integer(6, 10), between(rng, 1, 3)
    return {"peak": peak, "warmup": warmup, "total": warmup + rest, "floor": peak * between(rng, 0.2, 0.4)}


@probe(exercise="schedule", points=1)
def floor(lib, rng):
    """With a floor it falls to that: the cosine spans what lies between floor and peak."""
    settings = with_floor(rng, rng.integer(3, 6))
    return rates_of(lib, range(settings["warmup"], settings["total"]), **settings)


@probe(exercise="schedule", points=1)
def after_the_end(lib, rng):
    """At step total and ever after the rate is floor."""
    settings = with_floor(rng, rng.integer(2, 5))
    total, rest = settings["total"], settings["total"] - settings["warmup"]
    first, later = rates_of(lib, [total + later for later in (0, 1, 3, rest)], **settings).split([1, 3])
    # How high it rises hangs on what is wrong besides: one value for all that rise.
    return {"at total": first, "later": -first - 1 if later[-1] > 1.01 * first + 0.01 else later}


@probe(exercise="schedule", points=1)
def edges(lib, rng):
    """A warm-up of 0 begins with peak; with a warm-up of all steps floor follows at once."""
    results, instead = {}, -between(rng, 1, 2)
    for warmup, total, step in ((0, 4, 0), (4, 4, 4), (0, 1, 0), (3, 3, 5)):
        peak = between(rng, 2, 3)
        settings = {"peak": peak, "warmup": warmup, "total": total, "floor": peak / 2 if step else 0.0}
        rate = number_or(instead, lib.optim.cosine_with_warmup, step, **settings)
        results[f"warm-up {warmup} of {total}"] = torch.tensor(rate)
    return results
