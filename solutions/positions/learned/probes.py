"""What the exercise learned asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn_layer

from check import probe, raised


@probe(exercise="learned", points=1)
def lookup(lib, rng):
    """Token t gets row t of the table, in every sequence."""
    return drawn_layer(lib, rng, 9, 6)(rng.normal(2, 5, 6))


@probe(exercise="learned", points=2)
def later(lib, rng):
    """With an offset, rows offset to offset + T - 1, up to the last."""
    layer = drawn_layer(lib, rng, 9, 6)
    return {
        "from the middle": layer(rng.normal(2, 4, 6), rng.integer(1, 4)),
        "to the last row": layer(rng.normal(2, 4, 6), offset=5),
        "one token": layer(rng.normal(3, 1, 6), offset=rng.integer(1, 9)),
        "whole table": layer(rng.normal(2, 9, 6)),
    }


@probe(exercise="learned", points=1)
def outside(lib, rng):
    """ValueError below row 0 and after the last one, and nowhere else."""
    layer = drawn_layer(lib, rng, 9, 6)
    # A slice would be cut to one row or to none, which broadcasts, or would start from the end.
    kinds = [(4, 5), (4, 6), (3, 8), (2, 9), (1, 9), (1, 8), (4, -1), (2, -4), (9, 0), (10, 0)]
    drawn = [kinds[n % 10] for n in rng.permutation(20).tolist()]
    return [raised(layer, rng.normal(2, T, 6), first) for T, first in drawn]


@probe(exercise="learned", points=1)
def learned_gradients(lib, rng):
    """x and just the rows that were used get gradients."""
    layer, x = drawn_layer(lib, rng, 9, 6), rng.normal(2, 4, 6).requires_grad_()
    total = (layer(x, rng.integer(1, 5)) * rng.normal(2, 4, 6)).sum()
    found = torch.autograd.grad(total, [x, layer.table.weight], allow_unused=True)
    return dict(zip(["x", "table"], found, strict=True))


@probe(exercise="learned", points=1)
def learned_half(lib, rng):
    """Half precision in and out; x is left as it was."""
    layer, x = drawn_layer(lib, rng, 9, 6).half(), rng.normal(2, 4, 6).half()
    out = layer(x, rng.integer(1, 5))
    return {"result": out, "dtype": str(out.dtype), "x afterwards": x}
