"""What the exercise batches asks. A probe knows no answer: it returns what it got.

Which starts are drawn is the program's own choice. So each token of the data occurs once and says where it stood.
"""

import torch

from check import probe


def drawn_text(rng, N):
    """Return N different tokens, and a table that says where each of them stands."""
    data = rng.permutation(10 * N)[:N] + 70_000
    places = torch.zeros(70_000 + 10 * N, dtype=torch.int64)
    places[data] = torch.arange(N)
    return data, places


def draws(rng, *shape):
    """Return a generator, and numbers of this shape to show instead of bare truths."""
    return torch.Generator().manual_seed(rng.integer(0, 2**31)), rng.normal(*shape)


@probe(exercise="batches", points=3)
def windows(lib, rng):
    """Each row of x is a piece of the text, and y the same piece one token later."""
    results = {}
    for N, batch, context in ((12, 100, 10), (9, 80, 7), (31, 1, 5)):
        data, places = drawn_text(rng, N)
        generator, shown = draws(rng, 2 * N)
        x, y = lib.training.get_batch(data, batch, context, generator)
        # Where in its piece each token stood is the same in all rows, whatever their starts; a number for each place.
        offsets = (places[torch.cat([x, y], dim=1)] - places[x[:, :1]]).unique(dim=0)
        results[f"N={N}, batch={batch}, context={context}"] = {"shape": list(x.shape), "rows": shown[offsets]}
    return results


@probe(exercise="batches", points=1)
def every_start(lib, rng):
    """Each of the N - context starts can come, no other one, and each row has its own."""
    results = {}
    for N, context in ((12, 7), (9, 2), (8, 6)):
        data, places = drawn_text(rng, N)
        generator, shown = draws(rng, N)
        x, _ = lib.training.get_batch(data, 500, context, generator)
        results[f"N={N}, context={context}"] = shown[places[x[:, 0]].unique()]
    return results


@probe(exercise="batches", points=1)
def generator(lib, rng):
    """All numbers come from the generator: the same state gives the same batch, and the next calls give others."""
    data, _ = drawn_text(rng, 8)
    generator, shown = draws(rng, 200)
    state, before = generator.get_state(), torch.get_rng_state()
    first, *later = [lib.training.get_batch(data, 200, 3, generator)[0] for _ in range(40)]
    generator.set_state(state)
    again, _ = lib.training.get_batch(data, 200, 3, generator)
    untouched = torch.equal(before, torch.get_rng_state())
    return {
        "the same state": shown[: 1 + int(torch.equal(first, again))],
        "the next calls": shown[: 1 + int(all(torch.equal(first, x) for x in later))],
        "torch's own generator": shown[: 1 + int(untouched)],
    }
