"""What the exercise beam asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF

from check import probe

FINEST = 2.0**-19


def _tree(rng, V, start):
    """Return step: log-probabilities that depend on how many tokens there are and on the last two.

    No two hypotheses of a length have the same sum, and float32 holds every sum exactly, so that no rounding
    decides who goes on: coarse are multiples of 1/16, and below these each of five steps has a digit of its own.
    """
    coarse, digits = (
        -rng.integers(1, 48, 12, V, V, V) / 16,
        torch.stack([rng.permutation(V) + 1 for _ in range(12)]),
    )
    place = (V + 1.0) ** (4 - torch.arange(12)).clamp(min=0)
    table = coarse - FINEST * (place[:, None] * digits)[:, None, None]
    return lambda tokens: table[tokens.shape[1] - len(start), tokens[:, -2], tokens[:, -1]]


def _rows(step, start, rows):
    """Return a step that says these rows of log-probabilities first, whatever the tokens are, and then asks step."""

    def planned(tokens):
        number = tokens.shape[1] - len(start)
        return rows[number].expand(len(tokens), -1) if number in rows else step(tokens)

    return planned


def _placed(order, values, number=0):
    """Return a row of log-probabilities that gives the first of these tokens the first value, and so on.

    number is that of the step, whose digit makes sums differ as in a tree.
    """
    digits = FINEST * (len(order) + 1.0) ** (4 - number) * torch.arange(1, len(order) + 1)
    return torch.tensor(values, dtype=torch.float32)[order.argsort()] - digits


def _as_plain(found):
    """Return the texts, filled up with -1, in an order of their own, and the scores: in their order, and by text.

    So two texts whose scores differ by a rounding error alone may come in either order.
    """
    pairs = sorted((torch.as_tensor(new).tolist(), float(score)) for new, score in found)
    longest = max((len(new) for new, _ in pairs), default=0)
    texts = torch.tensor([new + [-1] * (longest - len(new)) for new, _ in pairs], dtype=torch.int64)
    scores = [[float(score) for _, score in found], [score for _, score in pairs]]
    return {"texts": texts, "scores": torch.tensor(scores)}


@probe(exercise="beam", points=2)
def width_one(lib, rng):
    """A beam of width 1 is the greedy choice, with and without an end."""
    start, order, ask = rng.integers(0, 5, 3), rng.permutation(5), lib.beam.beam_search
    ending = _rows(_tree(rng, 5, start), start, {rng.integer(1, 6): _placed(order, [-0.25, -3, -4, -5, -6])})
    found = {"no end": _as_plain(ask(_tree(rng, 5, start), start, 1, 8))}
    return {**found, "eos": _as_plain(ask(ending, start, 1, 8, eos=int(order[0])))}


@probe(exercise="beam", points=4)
def few_of_many(lib, rng):
    """The width best of all continuations of all hypotheses go on; the best comes first."""
    start, ask = rng.integers(0, 6, 2), lib.beam.beam_search
    found = {f"width {width}": _as_plain(ask(_tree(rng, 6, start), start, width, 4)) for width in (4, 6)}
    # One token so far ahead that its children alone make up the next beam.
    ahead = {0: _placed(rng.permutation(6), [-0.5, -4, -4.25, -5, -5.25, -6])}
    return {**found, "width 2": _as_plain(ask(_rows(_tree(rng, 6, start), start, ahead), start, 2, 4))}


@probe(exercise="beam", points=2)
def whole_tree(lib, rng):
    """With room for all, every hypothesis is found."""
    start, other, ask = rng.integers(0, 3, 4), rng.integers(0, 3, 2), lib.beam.beam_search
    ended = ask(_tree(rng, 3, other), other, 40, 3, eos=rng.integer(0, 3))
    return {"no end": _as_plain(ask(_tree(rng, 3, start), start, 27, 3)), "eos": _as_plain(ended)}


@probe(exercise="beam", points=3)
def ends(lib, rng):
    """What ends with eos is kept as it is, and the others take its place."""
    start, (eos, *others), ask = rng.integers(0, 4, 2), rng.permutation(4).tolist(), lib.beam.beam_search
    # The best ends at once; of the next one's children two are better than the one that ends, and get worse.
    first, second = torch.tensor([eos, *others]), torch.tensor([*others[::-1][:2], eos, others[0]])
    rows = {0: _placed(first, [-0.5, -1, -3.5, -4]), 1: _placed(second, [-0.75, -1.25, -1.5, -3.75], 1)}
    tree = _tree(rng, 4, start)
    # In the last one nothing ends any more after that, and two go on to the last step.
    no_other = torch.zeros(4).index_fill(0, torch.tensor([eos]), -torch.inf)
    once = _rows(lambda tokens: tree(tokens) + no_other, start, {0: rows[0]})
    steps = [_rows(lambda tokens: tree(tokens) - 1, start, rows), _tree(rng, 4, start), once]
    return [_as_plain(ask(step, start, 3, 5, eos=eos)) for step in steps]


@probe(exercise="beam", points=2)
def long_and_short(lib, rng):
    """Scores are divided by the number of new tokens, eos counted, to the power length_penalty."""
    start, eos, ask = rng.integers(0, 3, 5), rng.integer(0, 3), lib.beam.beam_search
    return {
        f"{a}": _as_plain(ask(_tree(rng, 3, start), start, 20, 3, eos=eos, length_penalty=a))
        for a in (0.6, 2.0)
    }


@probe(exercise="beam", points=1)
def impossible(lib, rng):
    """A continuation of probability zero is dropped, even where there is room for it."""
    start = rng.integers(0, 4, 3)
    step, rank = _tree(rng, 4, start), torch.stack([rng.permutation(4) for _ in range(2)])
    never = rank < torch.tensor([[3], [1 + rng.integer(0, 2)]])  # one is possible at first, then two or three
    cut = lambda tokens: step(tokens).masked_fill(never[tokens.shape[1] - len(start)], -torch.inf)  # noqa: E731
    found = lib.beam.beam_search(cut, start, 4, 2)
    possible = [(new, score) for new, score in found if float(score) > -torch.inf]
    return {**_as_plain(possible), "others + seed": len(found) - len(possible) + rng.integer(0, 2**40)}


@probe(exercise="beam", points=1)
def half_log_probs(lib, rng):
    """Log-probabilities in half precision are added up in more than that."""
    results, start = {}, rng.integers(0, 5, 2)
    for dtype in HALF:
        # After a sum of 40 the later numbers are less than half of the last digit.
        best = [-40.0 - rng.integer(0, 8), *(-rng.integers(4, 10, 5) / 1024).tolist()]
        values = [[x, *(x - 20 - k for k in range(4))] for x in best]
        rows = {n: _placed(rng.permutation(5), row, 4).to(dtype) for n, row in enumerate(values)}
        results[str(dtype)] = _as_plain(lib.beam.beam_search(_rows(None, start, rows), start, 1, 6))
    return results
