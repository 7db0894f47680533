"""What the exercise layouts asks. A probe knows no answer: it returns what it got."""

import torch

from check import probe


@probe(exercise="layouts", points=2)
def to_split(lib, rng):
    """interleaved_to_split: pair i goes to rows i and i + K/2 of its head."""
    return {
        "3 heads": lib.positions.interleaved_to_split(rng.normal(18, 12), 3),
        "one head": lib.positions.interleaved_to_split(rng.normal(8, 6), 1),
    }


@probe(exercise="layouts", points=2)
def to_interleaved(lib, rng):
    """split_to_interleaved: the way back."""
    return {
        "3 heads": lib.positions.split_to_interleaved(rng.normal(18, 12), 3),
        "one head": lib.positions.split_to_interleaved(rng.normal(8, 6), 1),
    }


@probe(exercise="layouts", points=1)
def bias_rows(lib, rng):
    """A bias has one axis only, and is reordered just so."""
    return {
        "to split": lib.positions.interleaved_to_split(rng.normal(12), 2),
        "to interleaved": lib.positions.split_to_interleaved(rng.normal(20), 2),
    }


@probe(exercise="layouts", points=1)
def layout_gradients(lib, rng):
    """Gradients find the way back, and the weight is left as it was."""
    results = {}
    for name in ("interleaved_to_split", "split_to_interleaved"):
        convert, plain, weight = getattr(lib.positions, name), rng.normal(12, 8), rng.normal(12, 8)
        convert(plain, 2)
        out = convert(weight.requires_grad_() * 1, 2)
        (found,) = torch.autograd.grad((out * rng.normal(12, 8)).sum(), weight, allow_unused=True)
        results[name] = {"weight afterwards": plain, "gradient": found}
    return results
