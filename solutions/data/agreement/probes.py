"""What the exercise agreement asks. A probe knows no answer: it returns what it got."""

import math

import torch
from inputs import different_words, in_random_order, negative_if_wrong

from check import probe, value_or


def three_digits(values):
    """Return values as half precision: whoever rounds to three or four digits, or has float32, is right, too."""
    return torch.tensor([float(value) for value in values], dtype=torch.float16)


def two_raters_of(rng, changes, frequent):
    """Return two raters' labels of some 30 items; changes says how many of label i became label j for one.

    Many more items have the frequent label than the others, and the raters' shares differ.
    """
    labels = [frequent, *in_random_order(rng, [i for i in range(3) if i != frequent])]
    pairs = [(labels[0], labels[0])] * rng.integer(14, 18)
    pairs += [(labels[1], labels[1])] * rng.integer(3, 5) + [(labels[2], labels[2])] * rng.integer(1, 3)
    for (i, j), (low, high) in changes.items():
        pairs += [(labels[i], labels[j])] * rng.integer(low, high)
    pairs = in_random_order(rng, pairs)
    return [one for one, _ in pairs], [other for _, other in pairs]


@probe(exercise="agreement", points=2)
def two_raters(lib, rng):
    """Agreement beyond what the two raters' own shares would give by chance, whatever the labels are."""
    changes = {(0, 1): (5, 7), (2, 1): (1, 3), (0, 2): (1, 3)}
    frequent = in_random_order(rng, [0, 1, 2] * 5)  # so many that a wrong value is never near all of them
    lists = [two_raters_of(rng, changes, label) for label in frequent]
    found = [lib.agreement.cohen_kappa(*both) for both in lists]
    words, number = sorted(different_words(rng, 3)), rng.integer(10, 99)
    as_words = [[words[label] for label in labels] for labels in lists[0]]
    # Whatever becomes of words where labels must be numbers, the answer is one.
    same = value_or(math.nan, lambda: float(lib.agreement.cohen_kappa(*as_words)))
    return {
        "values": three_digits(found),
        "words": negative_if_wrong(number, math.isclose(same, found[0], rel_tol=1e-3, abs_tol=1e-3)),
    }


@probe(exercise="agreement", points=1)
def below_chance(lib, rng):
    """Raters who agree less often than chance have a negative value."""
    results = []
    for _ in range(3):
        one, other = in_random_order(rng, [0, 1])
        pairs = [(one, other)] * rng.integer(9, 17) + [(other, one)] * rng.integer(4, 9) + [(one, one)]
        a, b = zip(*in_random_order(rng, pairs), strict=True)
        results.append(lib.agreement.cohen_kappa(list(a), list(b)))
    return three_digits(results)


def drawn_counts(rng, raters, N=8):
    """Return how many of the raters gave which of 3 labels; the first is far the most frequent."""
    counts = torch.zeros(N, 3, dtype=torch.int64)
    for row in counts:
        for label in [0, 0, *rng.integers(0, 3, raters - 2).tolist()]:
            row[label] += 1
    return counts[rng.permutation(N)]


@probe(exercise="agreement", points=2)
def many_raters(lib, rng):
    """Agreement of pairs of different raters, beyond what the shares of the labels would give by chance."""
    return three_digits(
        lib.agreement.fleiss_kappa(drawn_counts(rng, raters)) for raters in (3, 4, 7, 5, 4, 6)
    )


def outcome(call):
    """Return 2 where 0/0 is an error, 1 where it is a number, None or refused, 0 where it is nan."""
    try:
        return 0 if math.isnan(float(call())) else 1
    except ZeroDivisionError:
        return 2
    except (TypeError, ValueError):
        return 1


@probe(exercise="agreement", points=1)
def one_label(lib, rng):
    """Where everyone gives one label only, chance alone agrees fully: nan."""
    label = rng.integer(0, 2)
    found = [
        outcome(lambda: lib.agreement.cohen_kappa([label] * 4, [label] * 4)),
        outcome(lambda: lib.agreement.fleiss_kappa(torch.tensor([[0, 3], [0, 3]]))),
    ]
    return rng.integer(10, 10**6) * (1 - max(found) if max(found) < 2 else -1)
