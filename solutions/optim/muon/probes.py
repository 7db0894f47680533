"""What the exercise muon asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between

from check import probe


def drawn(rng, rows, columns, size=100.0, dtype=torch.float32):
    """Return a matrix with numbers of about this size.

    No singular value is far below the others: small ones grow a hundredfold, and what was rounded off with them.
    """
    one = torch.eye(rows, columns)[rng.permutation(rows)][:, rng.permutation(columns)]
    return size * (4 * one + 2 * rng.uniform(rows, columns) - 1).to(dtype)


def found(lib, matrix, mark, **settings):
    """Return the result, or nothing but the mark where its numbers have only the digits of a coarser dtype.

    With few digits every order of the same products gives other numbers: the mark is one value for all of them. Whole
    numbers, such as zeros, tell nothing.
    """
    result = lib.muon.orthogonalise(matrix, **settings)
    coarser = [torch.bfloat16, torch.float16, *[torch.float32] * (matrix.dtype == torch.float64)]
    rounded = any(torch.equal(result.to(dtype).to(result.dtype), result) for dtype in coarser)
    return torch.full(result.shape, mark) if rounded and not torch.equal(result, result.round()) else result


@probe(exercise="muon", points=3)
def wide(lib, rng):
    """Five steps of the polynomial, for matrices with as many columns as rows or more."""
    mark = between(rng, 2, 3)
    return {str(shape): found(lib, drawn(rng, *shape), mark) for shape in ((3, 5), (4, 4), (1, 6))}


@probe(exercise="muon", points=1)
def tall(lib, rng):
    """A tall matrix comes back in its own shape."""
    mark = between(rng, 2, 3)
    return {str(shape): found(lib, drawn(rng, *shape), mark) for shape in ((5, 2), (6, 3))}


@probe(exercise="muon", points=1)
def number_of_steps(lib, rng):
    """As many steps as are asked for: none, one, two, three."""
    matrix, mark = drawn(rng, 2, 4), between(rng, 2, 3)
    return {steps: found(lib, matrix, mark, steps=steps) for steps in (0, 1, 2, 3)}


@probe(exercise="muon", points=1)
def zeros(lib, rng):
    """Zeros stay zeros."""
    matrix, mark = drawn(rng, 2, 3), between(rng, 2, 3)
    zeros = [lib.muon.orthogonalise(0 * matrix).flatten() for _ in range(2)]
    # NaN alone would say little, so there is a drawn number beside it.
    return {"zeros": torch.cat([torch.tensor([mark]), *zeros]), "drawn": found(lib, matrix, mark)}


@probe(exercise="muon", points=1)
def any_scale(lib, rng):
    """A factor in front changes nothing, even if it is 1e-9."""
    matrix, mark = drawn(rng, 2, 3, between(rng, 5, 9)), between(rng, 2, 3)
    results = {size: found(lib, size * matrix, mark) for size in (1e-9, 1.0, 1e9)}
    # How far off the tiny one is hangs on the number that the norm is guarded by: one value for all of them.
    if not torch.allclose(results[1e-9].float(), results[1e9].float(), rtol=1e-3, atol=1e-3):
        results[1e-9] = torch.full_like(matrix, -mark)
    return results


@probe(exercise="muon", points=1)
def double(lib, rng):
    """float64 is computed in float64."""
    return found(lib, drawn(rng, 3, 4, 1e4, torch.float64), between(rng, 2, 3))
