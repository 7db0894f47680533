"""What the exercise learned asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn_layer

from check import probe, raised


@probe(exercise="learned", points=2)
def lookup(lib, rng):
    """Token t gets row t of the table, in every sequence."""
    return drawn_layer(lib, rng)(rng.normal(2, 5, 6))


@probe(exercise="learned", points=2)
def later(lib, rng):
    """With an offset, rows offset to offset + T - 1."""
    layer = drawn_layer(lib, rng)
    return {
        "several tokens": layer(rng.normal(2, 4, 6), rng.integer(1, 5)),
        "one token": layer(rng.normal(3, 1, 6), offset=rng.integer(1, 8)),
    }


@probe(exercise="learned", points=1)
def outside(lib, rng):
    """ValueError below row 0 and after the last one, and nowhere else."""
    layer = drawn_layer(lib, rng)
    # A slice would be cut to one row or to none, which broadcasts, or would start from the end.
    kinds = [(4, 5), (4, 6), (3, 8), (2, 9), (1, 9), (1, 8), (4, -1), (2, -4), (9, 0), (10, 0)]
    drawn = [kinds[n % 10] for n in rng.permutation(20).tolist()]
    return [raised(layer, rng.normal(2, T, 6), first) for T, first in drawn]


@probe(exercise="learned", points=1)
def learned_gradients(lib, rng):
    """x and just the rows that were used get gradients, and x is left as it was."""
    layer, x, plain = drawn_layer(lib, rng), rng.normal(2, 4, 6).requires_grad_(), rng.normal(2, 3, 6)
    layer(plain)
    total = (layer(x * 1, rng.integer(1, 5)) * rng.normal(2, 4, 6)).sum()
    found = torch.autograd.grad(total, [x, layer.table.weight], allow_unused=True)
    return {"x": found[0], "table": found[1], "x afterwards": plain}
