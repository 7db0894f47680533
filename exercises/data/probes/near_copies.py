"""What the exercise near_copies asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import different_words, in_random_order, listed, negative_if_wrong, pairs_in_order

from check import NoTensorAbove, probe

P = 2**31 - 1


@probe(exercise="near_copies", points=2)
def runs_of_words(lib, rng):
    """There is a shingle for each run of n words, and it is the same in another text."""
    words, other = different_words(rng, rng.integer(20, 50)), different_words(rng, rng.integer(5, 30))
    begin, length, results = rng.integer(0, 5), rng.integer(8, 14), {}
    longer = [*words, *other, *words[begin : begin + length]]  # runs that come twice are one
    for n in (1, 3, 5):
        one, two = lib.minhash.shingles(words, n), lib.minhash.shingles(longer, n)
        results[f"n={n}"] = torch.tensor([len(one), len(two), len(set(one) & set(two))])
    return results


@probe(exercise="near_copies", points=1)
def hashes(lib, rng):
    """A shingle is `hash_text` of its words, joined by one blank."""
    results = []
    for _ in range(3):  # whatever other hash it is, the answer is the same
        words, number = different_words(rng, 2), rng.integer(10, 10**6)
        found, known = list(lib.minhash.shingles(words, 2)), lib.minhash.hash_text(" ".join(words))
        results.append(known if found == [known] else -number * (1 + len(found)))
    return torch.tensor(results)


@probe(exercise="near_copies", points=1)
def short_texts(lib, rng):
    """A text of fewer than n words has one shingle, of all its words; one without words has none."""
    results = {}
    for name, count in {"one word": 1, "some": rng.integer(2, 4), "four": 4, "none": 0}.items():
        words, number = different_words(rng, count), rng.integer(10, 99)
        found, whole = set(lib.minhash.shingles(words, 5)), set(lib.minhash.shingles(words, max(1, count)))
        results[name] = negative_if_wrong(number, found == whole and len(found) == min(1, count))
    return results


def drawn_hashes(rng, K, low, high):
    return rng.integers(low, high, K), rng.integers(low, high, K)


def of_one(lib, x, a, b):
    """Return the signature's number for one member and one hash function."""
    return torch.as_tensor(lib.minhash.signature({x}, torch.tensor([a]), torch.tensor([b]))).long().item()


def whole_numbers(lib, members, a, b):
    """Return a signature as int64; whether it is that already is asked by one probe.

    Where a x + b is right, but its rest is not 0 for P, which P alone divides, the answer is one: whatever the rest is taken by.
    """
    found = torch.as_tensor(lib.minhash.signature(members, a, b)).long()
    return -a if of_one(lib, 1, 1, 1) == 2 and of_one(lib, P - 1, 1, 1) != 0 else found


@probe(exercise="near_copies", points=2)
def smallest(lib, rng):
    """Each number of a signature is the smallest (a x + b) mod P over the set."""
    a, b = drawn_hashes(rng, 5, 2**23, 2**25)
    members = set(rng.integers(2**23, 2**25, 40).tolist())
    return {
        "one": whole_numbers(lib, {rng.integer(2**23, 2**25)}, a, b),
        "forty": whole_numbers(lib, members, a, b),
    }


@probe(exercise="near_copies", points=1)
def large_numbers(lib, rng):
    """a, b and x may be as large as P - 1: the product has 62 bits, and all of them count. A signature is int64."""
    a, b = drawn_hashes(rng, 6, P - 2**20, P)
    members = [set(rng.integers(P - 2**20, P, n).tolist()) for n in (1, 9)]
    dtype = getattr(lib.minhash.signature(members[1], a, b), "dtype", None)
    # Where a x + b is right for small numbers, but not for (P - 1)², of which the rest is 1, the answer is one: whichever digits
    # are lost.
    lost = of_one(lib, 1, 1, 1) == 2 and of_one(lib, P - 1, P - 1, 0) != 1
    return {
        "one": -b if lost else whole_numbers(lib, members[0], a, b),
        "nine": -b if lost else whole_numbers(lib, members[1], a, b),
        "int64": negative_if_wrong(rng.integer(10, 99), dtype == torch.int64),
    }


@probe(exercise="near_copies", points=1)
def in_pieces(lib, rng):
    """Of 6,000 shingles and all hash functions the products are not all there at once."""
    a, b = drawn_hashes(rng, 8, 2**23, 2**25)  # so few that a loop over single numbers is in time
    members = set(rng.integers(2**23, 2**25, 6000).tolist())
    with NoTensorAbove(6000 * 8 // 2):
        return whole_numbers(lib, members, a, b)


def planted(rng, N, bands, rows):
    """Return signatures, all numbers different, but for some pairs of rows.

    Two agree in one whole band and two more in all; two have as many equal numbers, but in no whole band; two have
    the same band at different places; two have the same digits in one band, cut elsewhere. Four agree in one band.
    """
    x = torch.stack([rng.permutation(N * bands * rows)[: bands * rows] * N + i for i in range(N)]).view(
        N, bands, rows
    )
    i = rng.permutation(N).tolist()
    k, other = rng.permutation(bands)[:2].tolist()
    x[i[0], k] = x[i[1], k]
    x[i[2]] = x[i[3]]
    x[i[4], :, 1:] = x[i[5], :, 1:]
    x[i[6], k] = x[i[7], other]
    p, q, r = rng.integers(1, 10, 3).tolist()
    x[i[9], k] = x[i[8], k]
    x[i[8], k, :2], x[i[9], k, :2] = torch.tensor([p, 10 * q + r]), torch.tensor([10 * p + q, r])
    x[i[10:14], other] = x[i[10], other].clone()
    return x.flatten(1)


@probe(exercise="near_copies", points=2)
def whole_bands(lib, rng):
    """A pair is found when all numbers of one band agree; a pair is (i, j) with i < j."""
    results = {}
    for bands, rows in ((4, 3), (3, 5), (6, 2)):
        signatures = planted(rng, 14, bands, rows)
        found = lib.minhash.candidates(signatures, bands)
        results[f"{bands} bands of {rows}"] = pairs_in_order(found)
    return results


@probe(exercise="near_copies", points=1)
def many_texts(lib, rng):
    """4,000 signatures take no time, since not all 8 million pairs are looked at."""
    # No number comes twice, but for what is planted.
    signatures = torch.stack([rng.permutation(4000) + 4000 * k for k in range(32)], dim=1)
    one, two = rng.permutation(4000)[:12].view(2, 6)
    signatures[one, 4:8] = signatures[two, 4:8]
    return pairs_in_order(lib.minhash.candidates(signatures, 8))


def groups_of(lib, n, pairs):
    """Return groups as lists of numbers, and whether each number is in one of them alone, with all that it is paired with."""
    groups = [[int(k) for k in group] for group in lib.minhash.components(n, pairs)]
    home = {k: place for place, group in enumerate(groups) for k in group}
    once = len(home) == sum(len(group) for group in groups)
    return groups, once and all(home.get(i) == home.get(j) for i, j in pairs)


@probe(exercise="near_copies", points=2)
def linked(lib, rng):
    """Who is linked, also through others, is in one group; the rest are groups of one. All is in order."""
    i = rng.permutation(12).tolist()
    # From the first of these four one comes to the last before the others: a search does not find them in order.
    i[0], i[3], i[2], i[1] = sorted(i[:4])
    pairs = [(i[0], i[1]), (i[2], i[3]), (i[1], i[3]), (i[4], i[5]), (i[6], i[4])]
    pairs = [pair if rng.integer(0, 2) else pair[::-1] for pair in pairs]
    (groups, together), number = groups_of(lib, 12, pairs), rng.integer(10, 99)
    in_order = sorted(sorted(group) for group in groups)
    # Whoever leaves apart what a pair links gives one answer, however they do.
    who = listed(in_order) if together else torch.tensor([-number])
    return {"who": who, "in order": negative_if_wrong(number, groups == in_order)}


@probe(exercise="near_copies", points=1)
def long_chain(lib, rng):
    """A chain of thousands of links is one group."""
    length = rng.integer(2000, 2900)
    chain = rng.permutation(3000)[:length].tolist()
    results = {}
    for name, order in {"drawn": chain, "ascending": sorted(chain)}.items():
        pairs = [(order[k], order[k + 1]) for k in range(length - 1)]
        groups, together = groups_of(lib, 3000, pairs)
        results[name] = [len(groups), max(len(group) for group in groups)] if together else [-length] * 2
    pairs = in_random_order(rng, pairs)
    groups, together = groups_of(lib, 3000, pairs)
    return {
        **results,
        "links in drawn order": negative_if_wrong(len(groups) if together else length, together),
    }
