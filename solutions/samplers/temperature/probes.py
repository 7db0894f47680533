"""What the exercise temperature asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, possible

from check import probe, raised


@probe(exercise="temperature", points=1)
def warmer_and_colder(lib, rng):
    """Probabilities are those of the logits divided by the temperature."""
    temperatures = [1.0, *(0.3 + 2 * rng.uniform(3)).tolist()]
    logits = 3 * rng.normal(4, 9) + 20 * rng.normal(4, 1)
    return {f"temperature {t:.3f}": possible(lib.sampling.apply_temperature(logits, t)) for t in temperatures}


@probe(exercise="temperature", points=1)
def zero(lib, rng):
    """At temperature 0 a row's highest logits share everything."""
    logits = rng.integers(-2, 3, 6, 9).float()
    logits[rng.uniform(6, 9) < 0.2] = -torch.inf
    logits[:, 4] = rng.normal(6) - 5
    return possible(lib.sampling.apply_temperature(logits, 0.0))


@probe(exercise="temperature", points=1)
def cold(lib, rng):
    """Small temperatures do not overflow, in any dtype."""
    results = {}
    for dtype in (torch.float32, *HALF):
        logits = (20 * rng.permutation(9) * torch.tensor([[1.0], [-1.0], [0.5]])).to(dtype)
        for temperature in (1e-4, 1e-30):
            result = lib.sampling.apply_temperature(logits, temperature)
            results[f"temperature {temperature:g}, {dtype}"] = possible(result)
    return results


@probe(exercise="temperature", points=1)
def hot(lib, rng):
    """At infinity all possible tokens are equal, and the impossible ones still impossible."""
    logits = 3 * rng.normal(4, 9)
    logits[rng.uniform(4, 9) < 0.3] = -torch.inf
    logits[:, 4] = rng.normal(4)
    ask = lib.sampling.apply_temperature
    return {
        "temperature 1e9": possible(ask(logits, 1e9)),
        "temperature inf": possible(ask(logits, torch.inf)),
    }


@probe(exercise="temperature", points=1)
def bad_temperatures(lib, rng):
    """ValueError for a temperature below 0 or NaN, and for no other."""
    kinds, logits = [-0.5, 0.0, float("nan"), 0.5, -1e-9, 1e-9], rng.normal(2, 5)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.apply_temperature, logits, temperature) for temperature in asked]


@probe(exercise="temperature", points=1)
def tempered_dtype(lib, rng):
    """Logits come back in their dtype, and the input is left as it was."""
    results = {}
    for dtype in (torch.float64, *HALF):
        logits = rng.normal(3, 9).to(dtype)
        result = lib.sampling.apply_temperature(logits, 0.5 + rng.uniform(1).item())
        results[str(dtype)] = {"dtype": str(result.dtype), "values": possible(result), "afterwards": logits}
    return results
