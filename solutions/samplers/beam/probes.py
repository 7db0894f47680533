"""What the exercise beam asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF

from check import probe


def _tree(rng, V, spread=2.0):
    """Return step: log-probabilities that depend on how many tokens there are and on the last two."""
    table = (spread * rng.normal(12, V, V, V, dtype=torch.float64)).log_softmax(dim=-1)
    return lambda tokens: table[tokens.shape[1], tokens[:, -2], tokens[:, -1]]


def _told(found):
    """Return hypotheses as tensors and numbers; a student's tokens may be a list or a tensor."""
    return [(torch.as_tensor(new), float(score)) for new, score in found]


@probe(exercise="beam", points=1)
def width_one(lib, rng):
    """A beam of width 1 is the greedy choice, with and without an end."""
    start, ask, eos = rng.integers(0, 5, 3), lib.beam.beam_search, rng.integer(0, 5)
    going, ending, last = _tree(rng, 5), _tree(rng, 5), rng.integer(4, 8)

    def step(tokens):
        over = 40.0 * torch.nn.functional.one_hot(torch.tensor(eos), 5) * (tokens.shape[1] >= last)
        return (ending(tokens) + over).log_softmax(dim=-1)

    return {"no end": _told(ask(going, start, 1, 8)), "eos": _told(ask(step, start, 1, 8, eos=eos))}


@probe(exercise="beam", points=2)
def few_of_many(lib, rng):
    """The width best of all continuations of all hypotheses go on; the best comes first."""
    return {
        f"width {width}": _told(lib.beam.beam_search(_tree(rng, 6), rng.integers(0, 6, 2), width, 5))
        for width in (2, 4, 7)
    }


@probe(exercise="beam", points=1)
def whole_tree(lib, rng):
    """With room for all, every hypothesis is found."""
    found = lib.beam.beam_search(_tree(rng, 3), rng.integers(0, 3, 4), 27, 3)
    ended = lib.beam.beam_search(_tree(rng, 3), rng.integers(0, 3, 2), 40, 3, eos=rng.integer(0, 3))
    return {"no end": _told(found), "eos": _told(ended)}


@probe(exercise="beam", points=1)
def ends(lib, rng):
    """What ends with eos is kept as it is, and the others take its place."""
    eos = rng.integer(0, 4)
    likely = 1.5 * torch.nn.functional.one_hot(torch.tensor(eos), 4)
    trees = [_tree(rng, 4) for _ in range(6)]
    steps = [lambda tokens, tree=tree: (tree(tokens) + likely).log_softmax(dim=-1) for tree in trees]
    return [_told(lib.beam.beam_search(step, rng.integers(0, 4, 2), 3, 6, eos=eos)) for step in steps]


@probe(exercise="beam", points=1)
def long_and_short(lib, rng):
    """Scores are divided by the number of new tokens, eos counted, to the power length_penalty."""
    start, eos = rng.integers(0, 4, 5), rng.integer(0, 4)
    ask = lib.beam.beam_search
    return {
        f"{a}": _told(ask(_tree(rng, 4), start, 6, 4, eos=eos, length_penalty=a)) for a in (0.6, 1.0, 3.0)
    }


@probe(exercise="beam", points=1)
def impossible(lib, rng):
    """A continuation of probability zero is dropped, even where there is room for it."""
    step = _tree(rng, 4)
    never = rng.uniform(12, 4) < 0.4
    never[torch.arange(12), rng.integers(0, 4, 12)] = False
    found = lib.beam.beam_search(
        lambda tokens: step(tokens).masked_fill(never[tokens.shape[1]], -torch.inf),
        rng.integers(0, 4, 3),
        50,
        3,
    )
    return _told(found)


@probe(exercise="beam", points=1)
def half_log_probs(lib, rng):
    """Log-probabilities in half precision are added up in more than that."""
    results = {}
    for dtype in HALF:
        ranks = torch.stack([rng.permutation(5) for _ in range(40)]) * (0.7 + rng.uniform(40, 1))
        table = ranks.log_softmax(dim=-1).to(dtype)
        found = lib.beam.beam_search(
            lambda tokens, table=table: table[tokens.shape[1]].expand(len(tokens), 5),
            rng.integers(0, 5, 2),
            1,
            16,
        )
        results[str(dtype)] = _told(found)
    return results
