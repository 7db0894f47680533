"""What the exercise temperature asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, or_refused, probabilities, refusals, shuffled_rows

from check import probe


@probe(exercise="temperature", points=5)
def warmer_and_colder(lib, rng):
    """Probabilities are those of the logits divided by the temperature."""
    logits, (colder, warmer) = 3 * rng.normal(4, 9) + 20 * rng.normal(4, 1), rng.uniform(2).tolist()
    return {
        f"temperature {t:.3f}": probabilities(lib.sampling.apply_temperature(logits.clone(), t))
        for t in (1.0, 0.3 + colder / 2, 1.5 + warmer)
    }


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


def _several_highest(rng):
    """Return (4, 9) logits 1 apart, of rows at other heights: one highest, two, or three of them.

    At temperature 1 the others have their share as well; divided by 0.0001 none of the highest is a float16.
    """
    rows = [torch.arange(9.0) + height for height in (0, -16, 2, -0.5)]
    rows[0][-2:], rows[2][-3:] = 8.0, 10.0
    return shuffled_rows(rng, rows)


def _tempered(lib, logits, temperature):
    """Return the probabilities at a temperature, and how many rows of them hold NaN."""
    probs = probabilities(lib.sampling.apply_temperature(logits.clone(), temperature))
    return {"probabilities": probs, "rows with NaN": int(probs.isnan().any(dim=-1).sum())}


@probe(exercise="temperature", points=1)
def zero(lib, rng):
    """At 0 a row's highest logits share everything."""
    logits = _several_highest(rng)
    return or_refused(lambda: _tempered(lib, logits, 0.0))


@probe(exercise="temperature", points=1)
def near_zero(lib, rng):
    """At 0.0001 too the highest share everything: nothing leaves the range of its dtype."""
    logits = _several_highest(rng)
    return {str(dtype): _tempered(lib, logits.to(dtype), 1e-4) for dtype in (torch.float32, *HALF)}


@probe(exercise="temperature", points=1)
def infinity(lib, rng):
    """At infinity all possible tokens are equal, and impossible ones stay so."""
    logits = _several_highest(rng)
    for row, hidden in zip(logits, rng.permutation(4).tolist(), strict=True):
        row[rng.permutation(9)[: 2 * hidden]] = -torch.inf
    return {str(dtype): _tempered(lib, logits.to(dtype), torch.inf) for dtype in (torch.float32, *HALF)}


@probe(exercise="temperature", points=1)
def bad_temperatures(lib, rng):
    """ValueError for a temperature below 0 or NaN, and for no other."""
    logits, below = rng.normal(2, 5), -0.1 - rng.uniform(1).item()
    ask = lambda t: lib.sampling.apply_temperature(logits.clone(), t)  # noqa: E731
    return refusals(rng, ask, good=[1e-9, 0.5, 1.0 - below], bad=[below, -1e-9, float("nan")])
