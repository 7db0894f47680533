"""What the exercise speculate asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import in_random_order, listed

from check import probe


def shares(rng, rows, V, parts=64):
    """Return probabilities (rows, V) that are whole numbers of 64ths, some of them 0."""
    counts = torch.zeros(rows, V)
    for row in counts:
        row += rng.integers(0, V, parts).bincount(minlength=V)
    return counts / parts


def uniforms(rng, n):
    """Return n numbers that are never just at a border: none has a denominator up to 64."""
    return rng.integers(1, 1021, n).double() / 1021


def drawn_from(rng, q):
    """Return a token of each row that is possible there."""
    return torch.stack([row.nonzero()[rng.integer(0, int((row > 0).sum())), 0] for row in q])


@probe(exercise="speculate", points=1)
def all_stay(lib, rng):
    """Where the guesser has the model's probabilities all guesses stay, and one more token comes from p's last row."""
    results = []
    for n in (0, 1, 2, 3, 4, 5):
        p = shares(rng, n + 1, 9)
        draft = drawn_from(rng, p[:n]) if n else torch.zeros(0, dtype=torch.int64)
        results.append(lib.speculation.accept(draft, p[:n], p, uniforms(rng, n + 1)))
    return listed(results)


@probe(exercise="speculate", points=2)
def refused(lib, rng):
    """In place of a refused guess comes a token from what the model's probability has over the guesser's."""
    results = []
    for low in in_random_order(rng, [True, False] * 4):
        guess, both, more, most = sorted((1 + rng.permutation(8)[:4]).tolist())
        p, q = shares(rng, 3, 9), torch.zeros(2, 9)
        # Both have half of the probability in common; over q, p has 4 parts at `more` and 28 at `most`.
        p[0] = 0
        p[0, [guess, both, more, most]] = torch.tensor([4.0, 28.0, 4.0, 28.0]) / 64
        q[0, guess], q[0, both], q[1] = 36 / 64, 28 / 64, p[1]
        u = uniforms(rng, 3)
        u[0] = rng.integer(250, 1021) / 1021
        u[2] = (rng.integer(1, 120) if low else rng.integer(560, 1021)) / 1021
        draft = torch.cat([torch.tensor([guess]), drawn_from(rng, q[1:])])
        results.append(lib.speculation.accept(draft, q, p, u))
    return listed(results)


@probe(exercise="speculate", points=1)
def drafts(lib, rng):
    """Of a draft stays what comes before the first refused guess."""
    results = []
    for _ in range(60):
        p, q = shares(rng, 4, 5), shares(rng, 3, 5)
        results.append(lib.speculation.accept(drawn_from(rng, q), q, p, uniforms(rng, 4)))
    return listed(results)


@probe(exercise="speculate", points=1)
def tokens_of_a_round(lib, rng):
    """On average a round gives 1 + alpha + … + alpha^gamma tokens."""
    alphas = [0.0, 1.0, *(0.05 + 0.9 * rng.uniform(4, dtype=torch.float64)).tolist()]
    return [float(lib.speculation.expected_tokens(alpha, rng.integer(1, 20))) for alpha in alphas]


def planted(rng, patterns):
    """Return a text of tokens that all differ but for the patterns, which stand in it with something between."""
    own = (100 + rng.permutation(900)).tolist()
    text = []
    for pattern in patterns:
        text += [own.pop() for _ in range(rng.integer(2, 5))] + pattern
    return text, own


@probe(exercise="speculate", points=1)
def latest(lib, rng):
    """What followed the last n tokens when they last stood together before, at most so many."""
    results = {}
    for name, n, most in (("n=3", 3, 4), ("n=2", 2, 2), ("default", 3, 8)):
        ends = rng.permutation(90)[:n].tolist()
        text, own = planted(rng, [ends, ends, ends])
        text += [own.pop() for _ in range(rng.integer(3, 12))] + ends
        options = {} if name == "default" else {"n": n, "most": most}
        results[name] = listed([lib.speculation.lookup(text, **options)])
    return results


@probe(exercise="speculate", points=1)
def shorter_runs(lib, rng):
    """Where n tokens never stood before fewer are looked for, and where the last is new there is no guess."""
    results = {}
    for name in in_random_order(rng, ["two of three", "one of three", "none"]):
        a, b, c = rng.permutation(90)[:3].tolist()
        ends = [a, b, c]
        patterns = {"two of three": [ends[1:]], "one of three": [ends[2:]], "none": [[a], [b]]}[name]
        text, own = planted(rng, patterns)
        text += [own.pop() for _ in range(rng.integer(3, 6))]
        results[name] = listed([lib.speculation.lookup([*text, *ends], n=3, most=3), text[-1:]])
    return results
