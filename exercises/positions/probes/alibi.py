"""What the exercise alibi asks. A probe knows no answer: it returns what it got."""

import torch

from check import probe, raised


@probe(exercise="alibi", points=1)
def slopes(lib, rng):
    """A power of two: a geometric sequence that ends at 2^-8."""
    found = [lib.positions.alibi_slopes(2**n) for n in rng.permutation(7).tolist()]
    return {"slopes": found, "dtype": str(found[0].dtype)}


@probe(exercise="alibi", points=2)
def slopes_between(lib, rng):
    """Another number of heads: some slopes of twice the number come after."""
    return [
        lib.positions.alibi_slopes(int(n))
        for n in torch.tensor([3, 5, 6, 7, 12, 20, 24, 40])[rng.permutation(8)]
    ]


@probe(exercise="alibi", points=2)
def distances(lib, rng):
    """Every score falls by the slope times the distance, on both sides."""
    # Eight heads, or whole distances, so that whoever has the other slopes wrong does not lose these as well.
    T = rng.integer(3, 6)
    slopes = lib.positions.alibi_slopes(4)
    return {
        "8 heads": [lib.positions.alibi_bias(8, T, T) for T in rng.integers(3, 6, 2).tolist()],
        "by the slope": lib.positions.alibi_bias(4, T, T) / slopes[:, None, None],
    }


@probe(exercise="alibi", points=2)
def last_queries(lib, rng):
    """With S > T the queries are the last T positions."""
    sizes = [(rng.integer(2, 6), rng.integer(1, 6)) for _ in range(2)]
    return {
        "several": [lib.positions.alibi_bias(8, T, T + earlier) for T, earlier in sizes],
        "one query": lib.positions.alibi_bias(8, 1, rng.integer(2, 30)),
    }


@probe(exercise="alibi", points=1)
def bias_sizes(lib, rng):
    """S < T is refused with a ValueError, and nothing else is."""
    sizes = zip(rng.integers(3, 9, 12).tolist(), rng.permutation(12).tolist(), strict=True)
    return [raised(lib.positions.alibi_bias, 2, T, T + n % 4 - 2) for T, n in sizes]
