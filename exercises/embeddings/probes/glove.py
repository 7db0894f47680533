"""What the exercise glove asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import counts_around, glove_parameters, in_random_order, rounds, with_gradients

from check import NoTensorAbove, probe


@probe(exercise="glove", points=2)
def near_counts(lib, rng):
    """How often two words stand within the window, each time weighted by 1/distance, in both cells."""
    text = rounds(rng, 6, 5)  # the same pairs again and again, and no word near itself
    return {f"window={w}": lib.embeddings.cooccurrence(text, 8, w) for w in (1, 2, 4)}


@probe(exercise="glove", points=1)
def even_counts(lib, rng):
    """With harmonic=False each pair counts 1, near or far."""
    return {
        f"window={w}": lib.embeddings.cooccurrence(rounds(rng, 5, 4), 5, w, harmonic=False) for w in (2, 4)
    }


@probe(exercise="glove", points=1)
def own_neighbours(lib, rng):
    """A word next to itself: the pair is seen from both of its ends, so it adds to its cell twice."""
    one, other = rng.permutation(3)[:2].tolist()
    repeats = torch.tensor([one] * rng.integer(3, 6) + [other] * rng.integer(2, 5))
    return [lib.embeddings.cooccurrence(repeats, 3, window) for window in (1, 2, 40)]


@probe(exercise="glove", points=1)
def long_text(lib, rng):
    """No tensor of N · V numbers: here N = 1,000 and V = 40, and the result has 1,600 numbers."""
    text = rng.integers(0, 40, 1000)
    with NoTensorAbove(20_000):
        return lib.embeddings.cooccurrence(text, 40, 1)


@probe(exercise="glove", points=2)
def full_table(lib, rng):
    """The weighted sum of squares over all cells, with counts below and above x_max; both biases."""
    sizes = {"V=4, D=3": (4, 3), "V=3, D=5": (3, 5), "V=5, D=2": (5, 2)}
    return {
        name: lib.embeddings.glove_loss(*glove_parameters(rng, V, D), counts_around(rng, V, 100.0))
        for name, (V, D) in sizes.items()
    }


@probe(exercise="glove", points=1)
def empty_cells(lib, rng):
    """Cells without a count are left out: ln 0 is no number."""
    losses = []
    for empty in in_random_order(rng, [0, 2, 9]):
        counts = counts_around(rng, 4, 100.0)
        counts.view(-1)[rng.permutation(16)[:empty]] = 0.0
        losses.append(torch.as_tensor(lib.embeddings.glove_loss(*glove_parameters(rng, 4, 3), counts)))
    return torch.stack(losses)


@probe(exercise="glove", points=1)
def glove_gradients(lib, rng):
    """The gradients by both tables and both biases, where two words never met."""
    given, counts = glove_parameters(rng, 5, 3), counts_around(rng, 5, 100.0)
    one, other = rng.permutation(5)[:2].tolist()
    counts[one, other] = counts[other, one] = 0.0
    return with_gradients(lib.embeddings.glove_loss(*given, counts), *given)


@probe(exercise="glove", points=1)
def other_settings(lib, rng):
    """Another x_max and another α."""
    found = {}
    for x_max, alpha in ((8.0, 0.75), (100.0, 0.5), (20.0, 1.0)):
        given = glove_parameters(rng, 4, 3)
        counts = counts_around(rng, 4, x_max)
        found[f"x_max={x_max}, alpha={alpha}"] = lib.embeddings.glove_loss(*given, counts, x_max, alpha)
    return found
