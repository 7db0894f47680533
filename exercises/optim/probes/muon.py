"""What the exercise muon asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between, in_random_order

from check import probe


def drawn(rng, rows, columns, size=100.0, dtype=torch.float32):
    """Return a matrix with numbers of about this size.

    No singular value is far below the others: small ones grow a hundredfold, and what was rounded off with them.
    """
    one = torch.eye(rows, columns)[rng.permutation(rows)][:, rng.permutation(columns)]
    return size * (4 * one + 2 * rng.uniform(rows, columns) - 1).to(dtype)


@probe(exercise="muon", points=3)
def wide(lib, rng):
    """Five steps of the polynomial, for matrices with as many columns as rows or more."""
    shapes = {"(3, 5)": (3, 5), "(4, 4)": (4, 4), "(1, 6)": (1, 6)}
    return {name: lib.muon.orthogonalise(drawn(rng, *shape)) for name, shape in shapes.items()}


@probe(exercise="muon", points=1)
def tall(lib, rng):
    """A tall matrix comes back in its own shape."""
    return {name: lib.muon.orthogonalise(drawn(rng, *name)) for name in ((5, 2), (6, 3))}


@probe(exercise="muon", points=1)
def number_of_steps(lib, rng):
    """As many steps as are asked for: none, one, two, three."""
    matrix = drawn(rng, 2, 4)
    return [lib.muon.orthogonalise(matrix, steps=steps) for steps in in_random_order(rng, [0, 1, 2, 3])]


@probe(exercise="muon", points=1)
def zeros(lib, rng):
    """Zeros stay zeros."""
    results = []
    for kind in in_random_order(rng, ["zeros", "zeros", "drawn"]):
        results.append(lib.muon.orthogonalise((kind == "drawn") * drawn(rng, 2, 3)))
    return torch.stack(results)


@probe(exercise="muon", points=1)
def any_scale(lib, rng):
    """A factor in front changes nothing, even if it is 1e-9."""
    sizes = in_random_order(rng, [1e-9, 1.0, 1e9])
    return [lib.muon.orthogonalise(drawn(rng, 2, 3, size * between(rng, 1, 9))) for size in sizes]


@probe(exercise="muon", points=1)
def double(lib, rng):
    """float64 is computed in float64."""
    return lib.muon.orthogonalise(drawn(rng, 3, 4, 1e4, torch.float64))
