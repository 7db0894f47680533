"""What the exercise layouts asks. A probe knows no answer: it returns what it got."""

import torch

from check import probe


@probe(exercise="layouts", points=2)
def to_half(lib, rng):
    """interleaved_to_half: pair i goes to rows i and i + K/2 of its head."""
    return {
        "3 heads": lib.positions.interleaved_to_half(rng.normal(18, 12), 3),
        "one head": lib.positions.interleaved_to_half(rng.normal(8, 6), 1),
        "heads of width 2": lib.positions.interleaved_to_half(rng.normal(6, 6), 3),
    }


@probe(exercise="layouts", points=2)
def to_interleaved(lib, rng):
    """half_to_interleaved: the way back."""
    return {
        "3 heads": lib.positions.half_to_interleaved(rng.normal(18, 12), 3),
        "one head": lib.positions.half_to_interleaved(rng.normal(8, 6), 1),
        "heads of width 2": lib.positions.half_to_interleaved(rng.normal(6, 6), 3),
    }


@probe(exercise="layouts", points=1)
def bias_rows(lib, rng):
    """A bias has one axis only, and is reordered just so."""
    return {
        "to half": lib.positions.interleaved_to_half(rng.normal(12), 2),
        "to interleaved": lib.positions.half_to_interleaved(rng.normal(20), 2),
    }


@probe(exercise="layouts", points=1)
def layout_gradients(lib, rng):
    """Gradients find the way back, and the weight is left as it was."""
    results = {}
    for name in ("interleaved_to_half", "half_to_interleaved"):
        weight = rng.normal(16, 8)
        getattr(lib.positions, name)(weight, 2)
        results[f"{name}, weight afterwards"] = weight.clone()
        out = getattr(lib.positions, name)(weight.requires_grad_(), 2)
        (found,) = torch.autograd.grad((out * rng.normal(16, 8)).sum(), weight, allow_unused=True)
        results[f"{name}, gradient"] = found
    return results
