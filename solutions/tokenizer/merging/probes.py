"""What the exercise merging asks. A probe knows no answer: it returns what it got."""

from inputs import counts_of, ids_of, letters, shuffled

from check import probe


@probe(exercise="merging", points=3)
def merged(lib, rng):
    """Each place where the pair stands becomes the new id, at both ends too; all other ids stay."""
    left, right, *others = map(ord, letters(rng, 8))
    new = rng.integer(256, 1000)
    p, q, r, s, t, u = shuffled(rng, others)
    cases = {
        "at both ends": [left, right, p, q, left, right, r, s, left, right],
        "within": [p, left, right, q, right, left, r, left, right, s, t],
        "halves alone": [right, left, p, left, q, right],
        "two in a row": [s, left, right, left, right, t],
        "first half last": [u, right, left],
        "one id": [left],
    }
    return {name: ids_of(lib.bpe.merge(list(ids), (left, right), new)) for name, ids in cases.items()}


@probe(exercise="merging", points=1)
def runs(lib, rng):
    """Of a run of one id the pairs are taken from the left: aaa is aa and a."""
    a, *others = map(ord, letters(rng, 6))
    ids = [
        id
        for length, other in zip(shuffled(rng, [2, 3, 4, 5, 3]), others, strict=True)
        for id in [a] * length + [other]
    ]
    return ids_of(lib.bpe.merge(ids, (a, a), rng.integer(256, 1000)))


@probe(exercise="merging", points=1)
def ids_kept(lib, rng):
    """The list that is given stays as it was."""
    left, right, *others = map(ord, letters(rng, 5))
    ids = [others[0], left, right, *others[1:], left, right]
    return {"merged": ids_of(lib.bpe.merge(ids, (left, right), rng.integer(256, 1000))), "given": ids_of(ids)}


def pieces(rng, *words):
    """Return words as pieces with drawn numbers of times, in random order."""
    return {tuple(word.encode()): rng.integer(2, 9) for word in shuffled(rng, list(words))}


@probe(exercise="merging", points=2)
def counted(lib, rng):
    """A pair counts in each piece, once for each place, times the number of the piece; never from one piece to the next."""
    a, b, c, d, e = letters(rng, 5)
    found = lib.bpe.pair_counts(pieces(rng, a + b + c + a + b, c + d + a + b, e + d, b + e, d))
    return counts_of(found)


@probe(exercise="merging", points=1)
def overlaps(lib, rng):
    """Places that overlap count as well: aaa holds the pair aa twice."""
    a, b, c = letters(rng, 3)
    return counts_of(lib.bpe.pair_counts(pieces(rng, a * 3 + b, c + a * rng.integer(4, 8), b + c)))
