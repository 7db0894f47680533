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


def drawn_from(rng, q):
    """Return a token of each row that is possible there."""
    return torch.stack([row.nonzero()[rng.integer(0, int((row > 0).sum())), 0] for row in q])


@probe(exercise="speculate", points=1)
def all_stay(lib, rng):
    """Guesses of which the model thinks more than the guesser all stay, and one more token comes from p's last row."""
    results = []
    for n in (0, 1, 3):
        p, q = torch.zeros(n + 1, 12), torch.zeros(n, 12)
        q[:, :6] = shares(rng, n, 6)
        # The last row is of other tokens, of which the most probable is not drawn.
        p[n, 6 + rng.permutation(6)[:3].sort().values] = torch.tensor([8.0, 24.0, 32.0]) / 64
        draft = drawn_from(rng, q) if n else torch.zeros(0, dtype=torch.int64)
        p[:n] = (q + torch.nn.functional.one_hot(draft, 12)) / 2
        u = torch.cat([rng.integers(920, 1021, n), rng.integers(20, 490, 1)]).double() / 1021
        results.append(lib.speculation.accept(draft, q, p, u))
    return listed(results)


@probe(exercise="speculate", points=2)
def refused(lib, rng):
    """In place of a refused guess comes a token from what the model's probability has over the guesser's."""
    results = []
    which_are_low = [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 0)]
    for low in in_random_order(rng, which_are_low):
        guess, both, more, most = sorted((1 + rng.permutation(8)[:4]).tolist())
        p, q = shares(rng, 3, 9), torch.zeros(2, 9)
        # What comes in place of the guess cannot come at the next place.
        p[1, both] += p[1, [more, most]].sum()
        p[1, [more, most]] = 0
        p[0], q[1] = 0, p[1]
        # Over q, p has 4 parts at `more` and 31 at `most`: a number up to 4 / 35 draws `more`.
        p[0, [guess, both, more, most]] = torch.tensor([1.0, 14.0, 18.0, 31.0]) / 64
        q[0, [guess, both, more]] = torch.tensor([36.0, 14.0, 14.0]) / 64
        parts = [rng.integer(35, 110) if one else rng.integer(210, 360) for one in low]
        u = torch.tensor(parts).double() / 1021
        draft = torch.cat([torch.tensor([guess]), drawn_from(rng, q[1:])])
        results.append(lib.speculation.accept(draft, q, p, u))
    return listed(results)


# Of each kind of guess: from where to where its parts of 64 of q and of p are drawn, and its number's parts of 1021.
GUESSES = {
    "liked": ((4, 13), (26, 40), (664, 971)),  # p is at least twice q, which is more than any number
    "lucky": ((40, 48), (26, 30), (480, 552)),  # less than p / q, and more than p, which is not the largest
    "unlucky": ((32, 48), (0, 17), (562, 971)),  # more than p / q
}
DRAFTS = (
    ("liked", "lucky", "liked"),
    ("lucky", "liked", "lucky"),
    ("unlucky", "liked", "lucky"),
    ("unlucky", "lucky", "unlucky"),
    ("liked", "unlucky", "lucky"),
    ("lucky", "unlucky", "liked"),
    ("lucky", "liked", "unlucky"),
    ("liked", "lucky", "unlucky"),
)


def rest_drawn(rng, V, token, parts):
    """Return the parts of 64 of V tokens: so many of one, and of what is left seven eighths of one and the rest of another."""
    row, others = [0.0] * V, (1 + rng.permutation(V - 1)[:2]).tolist()
    row[token] = parts
    for other, share in zip(others, (0.875, 0.125), strict=True):
        row[(token + other) % V] = share * (64 - parts)
    return row


@probe(exercise="speculate", points=1)
def drafts(lib, rng):
    """Of a draft stays what comes before the first refused guess."""
    results, V = [], 12
    for kinds in in_random_order(rng, DRAFTS):
        draft, bounds = rng.permutation(V)[:3], [GUESSES[kind] for kind in kinds]
        q, p, u = ([rng.integer(*guess[which]) for guess in bounds] for which in range(3))
        q, p = ([rest_drawn(rng, V, *one) for one in zip(draft.tolist(), x, strict=True)] for x in (q, p))
        q, p = torch.tensor(q) / 64, torch.cat([torch.tensor(p) / 64, shares(rng, 1, V)])
        u = torch.tensor([*u, rng.integer(1, 1021)]).double() / 1021
        # Which token comes last is asked elsewhere.
        results.append(lib.speculation.accept(draft, q, p, u)[:-1])
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
        # Behind the latest occurrence stand always fewer tokens than come by default, and more than else are asked for.
        text += [own.pop() for _ in range(rng.integer(3, 5))] + ends
        options = {} if name == "default" else {"n": n, "most": most}
        results[name] = listed([lib.speculation.lookup(text, **options)])
    return results


@probe(exercise="speculate", points=1)
def shorter_runs(lib, rng):
    """Where n tokens never stood before fewer are looked for, the longest first; where the last is new, no guess comes."""
    results = {}
    for name in in_random_order(rng, ["two of three", "one of three", "none"]):
        a, b, c = rng.permutation(90)[:3].tolist()
        ends = [a, b, c]
        patterns = {"two of three": [[b, c], [c]], "one of three": [[c]], "none": [[a], [b]]}[name]
        text, own = planted(rng, patterns)
        text += [own.pop() for _ in range(rng.integer(3, 6))]
        results[name] = listed([lib.speculation.lookup([*text, *ends], n=3, most=3), text[-1:]])
    last, own = rng.integer(0, 90), planted(rng, [])[1]
    for name, n, text in (
        ("at the front", 3, [last, *own[:12], last]),
        ("just before", 3, [*own[:5], last, last]),
        ("n=1", 1, [*own[:3], last, *own[3:12], last]),  # Who looks for no shorter runs is right here.
    ):
        results[name] = listed([lib.speculation.lookup(text, n=n)])
    return results
