"""What the exercise masks asks. A probe knows no answer: it returns what it got."""

import torch

from check import probe, raised


@probe(exercise="masks", points=1)
def causal(lib, rng):
    """causal_mask(T): a query sees itself and what came before."""
    return [lib.attention.causal_mask(rng.integer(2, 12)) for _ in range(3)]


@probe(exercise="masks", points=2)
def offset(lib, rng):
    """causal_mask(T, S) with S > T: the queries are the last T positions."""
    sizes = [1, rng.integer(2, 6), rng.integer(2, 6)]
    return [lib.attention.causal_mask(T, T + rng.integer(1, 6)) for T in sizes]


@probe(exercise="masks", points=1)
def padding(lib, rng):
    """padding_mask hides what follows the last real token."""
    S = rng.integer(6, 10)
    ends = {"one full, one empty": (0, S), "none full, none empty": (1, rng.integer(3, S))}
    results = {"one sequence": lib.attention.padding_mask(rng.integers(1, S, 1), S)}
    for name, (shortest, longest) in ends.items():
        lengths = torch.cat([torch.tensor([shortest, longest]), rng.integers(1, longest, 2)])
        results[name] = lib.attention.padding_mask(lengths[rng.permutation(4)], S)
    return results


@probe(exercise="masks", points=1)
def bad_sizes(lib, rng):
    """causal_mask refuses S < T with a ValueError, and nothing else."""
    sizes = zip(rng.integers(3, 9, 12).tolist(), rng.permutation(12).tolist(), strict=True)
    return [raised(lib.attention.causal_mask, T, T + n % 4 - 2) for T, n in sizes]


@probe(exercise="masks", points=1)
def bad_lengths(lib, rng):
    """padding_mask refuses lengths below 0 or above S, and no others."""
    S = rng.integer(2, 6)
    kinds = [(-1, 1), (1, -1), (1, S + 1), (S + 1, S), (0, S), (1, S - 1)]
    lengths = [torch.tensor(kinds[n % 6]) for n in rng.permutation(12).tolist()]
    return [raised(lib.attention.padding_mask, two, S) for two in lengths]
