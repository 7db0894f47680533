"""What the exercise temperature asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, in_random_order, probabilities, shuffled_rows

from check import probe, raised


@probe(exercise="temperature", points=3)
def warmer_and_colder(lib, rng):
    """Probabilities are those of the logits divided by the temperature."""
    logits, (colder, warmer) = 3 * rng.normal(4, 9) + 20 * rng.normal(4, 1), rng.uniform(2).tolist()
    return {
        f"temperature {t:.3f}": probabilities(lib.sampling.apply_temperature(logits.clone(), t))
        for t in (1.0, 0.3 + colder / 2, 1.5 + warmer)
    }


@probe(exercise="temperature", points=1)
def limits(lib, rng):
    """At 0 and near it a row's highest logits share everything, at infinity all possible tokens do."""
    rows = [20.0 * torch.arange(9.0) + height for height in (0, -320, 40, -10)]
    rows[0][-2:], rows[2][-3:] = 160.0, 200.0  # two highest, and three; one in the other rows
    rows[1][2:5], rows[2][:2] = -torch.inf, -torch.inf
    logits = shuffled_rows(rng, rows)
    return {
        f"temperature {t:g}, {dtype}": probabilities(
            lib.sampling.apply_temperature(logits.to(dtype, copy=True), t)
        )
        for t in (0.0, 1e-4, torch.inf)
        for dtype in (torch.float32, *HALF)
    }


@probe(exercise="temperature", points=1)
def bad_temperatures(lib, rng):
    """ValueError for a temperature below 0 or NaN, and for no other."""
    logits, below = rng.normal(2, 5), -0.1 - rng.uniform(1).item()
    kinds = [below, float("nan"), -1e-9, 1e-9, 0.5, 1.0 - below]
    return [raised(lib.sampling.apply_temperature, logits, t) for t in in_random_order(rng, kinds, 3)]


@probe(exercise="temperature", points=1)
def tempered_dtype(lib, rng):
    """Logits come back in their dtype, and the input is left as it was."""
    results = {}
    for dtype in (torch.float64, *HALF):
        logits = distinct(rng, 3, 9).to(dtype)
        result = lib.sampling.apply_temperature(logits, 0.5 + rng.uniform(1).item())
        about = {"dtype": str(result.dtype), "values": probabilities(result)}
        results[str(dtype)] = {**about, "afterwards": logits}
    return results
