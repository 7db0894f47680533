"""What the exercise glove asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import (
    counts_around,
    glove_parameters,
    in_random_order,
    one_number,
    rounds,
    shares,
    with_gradients,
)

from check import NoTensorAbove, probe


def two_losses(lib, rng, V, D, counts, *settings):
    """Return what glove_loss gives for two drawn sets of parameters."""
    given = [glove_parameters(rng, V, D) for _ in range(2)]
    return [one_number(lib.embeddings.glove_loss(*one, counts, *settings)) for one in given]


@probe(exercise="glove", points=2)
def near_counts(lib, rng):
    """How often two words stand within the window, each time weighted by 1/distance, in both cells."""
    text = rounds(rng, 6, 5)  # the same pairs again and again, and no word near itself
    return {f"window={w}": lib.embeddings.cooccurrence(text, 7, w) for w in (1, 2, 4)}


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
    """No tensor of N · V numbers: here N = 3,000 and V = 12, and the result has 144 numbers."""
    text = rng.integers(0, 12, 3000)
    with NoTensorAbove(20_000):
        return lib.embeddings.cooccurrence(text, 12, 1)


@probe(exercise="glove", points=2)
def full_table(lib, rng):
    """The weighted sum of squares over all cells, with counts below and above x_max; both biases."""
    found = {}
    for V, D in ((4, 3), (3, 5), (5, 2)):
        losses = two_losses(lib, rng, V, D, counts_around(rng, V, 100.0))
        found[f"V={V}, D={D}"] = {"loss": losses[0], "beside another": shares(*losses)}
    return found


@probe(exercise="glove", points=1)
def empty_cells(lib, rng):
    """Cells without a count are left out: ln 0 is no number. Two losses, as shares of their sum."""
    found = []
    for empty in in_random_order(rng, [0, 2, 9]):
        counts = counts_around(rng, 4, 5.0)  # so small that ln(1 + x) is far from ln x
        counts.view(-1)[rng.permutation(16)[:empty]] = 0.0
        found.append(shares(*two_losses(lib, rng, 4, 3, counts)))
    return found[0] if isinstance(found[0], str) else torch.stack(found)


@probe(exercise="glove", points=1)
def glove_gradients(lib, rng):
    """The gradients by both tables and both biases, where two words never met, divided by the loss."""
    given, counts = glove_parameters(rng, 5, 3), counts_around(rng, 5, 100.0)
    one, other = rng.permutation(5)[:2].tolist()
    counts[one, other] = counts[other, one] = 0.0
    loss = one_number(lib.embeddings.glove_loss(*given, counts))
    if isinstance(loss, str):
        return loss
    return with_gradients(loss / abs(loss.item() if torch.is_tensor(loss) else loss), *given)


@probe(exercise="glove", points=1)
def other_settings(lib, rng):
    """Another x_max and another α: two losses, as shares of their sum."""
    found = {}
    for x_max, alpha in ((8.0, 0.75), (100.0, 0.5), (20.0, 1.0), (4.0, 0.6)):
        losses = two_losses(lib, rng, 4, 3, counts_around(rng, 4, x_max), x_max, alpha)
        found[f"x_max={x_max}, alpha={alpha}"] = shares(*losses)
    return found
