"""What the exercise search asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import equals_by_id_or_reversed, mixed, turned
from torch.nn.functional import normalize

from check import probe

# A query and eight rows: the cosine of each to the query, and its length. The nearest row is short, a longer one has a
# larger dot product, and another one is less far away.
COSINES = [0.95, 0.8, 0.6, 0.45, 0.2, -0.1, -0.5, -0.9]
LENGTHS = [0.3, 4.0, 0.8, 20.0, 7.0, 1.0, 5.0, 0.5]

# Three words and four that may be the answer, as directions, and what they are multiplied by.
WORDS = [
    [0.8, 0.6, 0.0, 0.0, 0.0, 0.0],
    [0.8, 0.36, 0.48, 0.0, 0.0, 0.0],
    [0.8, 0.0, 0.0, 0.6, 0.0, 0.0],
    [0.437, -0.131, 0.262, 0.328, 0.785, 0.0],
    [0.634, 0.190, -0.381, 0.476, 0.0, 0.436],
    [-0.697, -0.565, 0.048, 0.018, 0.0, -0.436],
    [0.282, -0.085, 0.169, 0.212, -0.917, 0.0],
]
WORD_LENGTHS = [10.0, 1.0, 0.3, 3.0, 8.0, 1.0, 0.5]


def drawn_rows(rng, cosines, lengths):
    """Return rows in a drawn order, the query, and the id of each of the cosines."""
    rows = [[5.0] + 4 * [0.0]]
    for i, (cosine, length) in enumerate(zip(cosines, lengths, strict=True)):
        other = [(1 - cosine**2) ** 0.5 * (i % 4 == axis) for axis in range(4)]
        rows.append([length * x for x in (cosine, *other)])
    query, *rest = turned(rng, rows)
    vectors, ids = mixed(rng, torch.stack(rest))
    return vectors, query, ids


def drawn_words(rng, lengths=None):
    """Return the words' rows in a drawn order, and the id of each; without lengths all have the length 1."""
    rows = normalize(turned(rng, WORDS))
    return mixed(rng, rows if lengths is None else rows * torch.tensor(lengths)[:, None])


@probe(exercise="search", points=2)
def ranking(lib, rng):
    """The k rows with the highest cosine, the highest first, among rows of very different lengths."""
    found = []
    for k in (1, 3, 4, 4):
        vectors, query, _ = drawn_rows(rng, COSINES, LENGTHS)
        found.append(lib.embeddings.nearest(vectors, query, k))
    return found


@probe(exercise="search", points=1)
def excluded(lib, rng):
    """Excluded ids are not among the k, which are k all the same."""
    found = []
    for out in ([0], [2, 0], [1, 5, 2]):
        vectors, query, ids = drawn_rows(rng, COSINES, LENGTHS)
        found.append(lib.embeddings.nearest(vectors, query, 3, exclude=[ids[i] for i in out]))
    return found


@probe(exercise="search", points=1)
def equal_cosines(lib, rng):
    """Of rows with the same cosine the smaller id comes first; here are 24 rows with three cosines."""
    kinds = torch.arange(24)[rng.permutation(24)] % 3
    rows = torch.tensor([[6.0, 2.0, 3.0], [3.0, 6.0, 2.0], [2.0, 3.0, 6.0]])[kinds]
    vectors = rows * 2.0 ** rng.integers(0, 4, 24, 1)
    found = lib.embeddings.nearest(vectors, torch.tensor([float(rng.integer(1, 9)), 0.0, 0.0]), 24)
    return equals_by_id_or_reversed(found, kinds)


@probe(exercise="search", points=1)
def zero_rows(lib, rng):
    """A row of zeros has the cosine 0: it comes after what points the query's way, before what points away."""
    found, zero_first = [], []
    for cosines in ([0.8, 0.4, -0.3, -0.7], [0.9, 0.5, 0.2, -0.6], [0.6, -0.2, -0.5, -0.9]):
        vectors, query, ids = drawn_rows(rng, [*cosines, 0.0], [1.0, 1.0, 1.0, 1.0, 0.0])
        found.append(lib.embeddings.nearest(vectors, query, 5))
        zero_first.append(torch.tensor([ids[4], *ids[:4]]))
    found, sizes = torch.stack(found), torch.tensor([2, 3, 1])
    # Where a comparison with NaN puts the row, and what it does to the others, is beside the point.
    zero_first = torch.stack(zero_first)
    all_there = found.shape == (3, 5) and torch.equal(found.sort().values, zero_first.sort().values)
    elsewhere = all_there and (found[range(3), sizes] != zero_first[:, 0]).any()
    return zero_first if elsewhere else found


@probe(exercise="search", points=1)
def analogies(lib, rng):
    """What is nearest to b - a + c, of rows of length 1; a, b and c are no answers."""
    found = []
    for k in (1, 2, 3, 3):
        vectors, (a, b, c, *_) = drawn_words(rng)
        b, c = (c, b) if k == 2 else (b, c)  # the word nearest to b - a + c is c, and here it is b
        found.append(lib.embeddings.analogy(vectors, a, b, c, k=k))
    return found


@probe(exercise="search", points=1)
def word_lengths(lib, rng):
    """The three rows are scaled to length 1, however long they are."""
    found = []
    for k in (1, 3, 3):
        vectors, ids = drawn_words(rng, WORD_LENGTHS)
        found.append(lib.embeddings.analogy(vectors, *ids[:3], k=k))
    return found


@probe(exercise="search", points=1)
def inputs_allowed(lib, rng):
    """With exclude_inputs=False the three words may be the answer."""
    found = []
    for k in (1, 3, 3):
        vectors, ids = drawn_words(rng)
        found.append(lib.embeddings.analogy(vectors, *ids[:3], k=k, exclude_inputs=False))
    return found
