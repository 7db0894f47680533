"""Near copies, against brute force over all pairs, Python's whole numbers and the formula for the chance."""

import random
import subprocess
import sys
from itertools import combinations, pairwise

import pytest
import torch

from lib import minhash
from lib.minhash import P, candidates, components, hash_text, jaccard, shingles, signature


def hashes(K: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(1, P, (K,), generator=generator), torch.randint(0, P, (K,), generator=generator)


def test_a_texts_hash_is_the_same_in_every_run():
    code = "from lib.minhash import hash_text; print(hash_text('near copies'), hash_text('é'))"
    runs = {subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(2)}
    assert runs == {f"{hash_text('near copies')} {hash_text('é')}\n"}
    assert all(0 <= hash_text(str(i)) < P for i in range(1000))
    assert len({hash_text(str(i)) for i in range(1000)}) == 1000


def test_shingles_are_runs_of_words():
    words = ["a", "b", "c", "a", "b", "c", "d"]
    assert shingles(words, 3) == {hash_text(run) for run in ("a b c", "b c a", "c a b", "b c d")}
    assert shingles(words, 1) == {hash_text(word) for word in "abcd"}
    assert shingles(words, 7) == shingles(words, 8) == {hash_text("a b c a b c d")}
    assert shingles([]) == set()
    with pytest.raises(ValueError, match="n=0 words must be at least 1"):
        shingles(words, 0)


def test_jaccard_by_hand():
    assert jaccard({1, 2, 3, 4}, {2, 3, 4, 5}) == 0.6
    assert jaccard({1}, {2}) == jaccard(set(), {2}) == 0
    assert jaccard({1}, {1}) == jaccard(set(), set()) == 1


def test_a_signature_is_that_of_whole_numbers():
    """a, b and x up to P - 1, where a product needs 62 bits, and sets of more than one piece."""
    source = random.Random(3)
    for size in (1, 2, 1023, 1024, 1025, 2500):
        a, b = hashes(K=4, seed=size)
        a[0], b[0] = P - 1, P - 1
        members = {P - 1, *(source.randrange(P) for _ in range(size - 1))}
        by_hand = [min((i * x + j) % P for x in members) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
        got = signature(members, a, b)
        assert got.dtype == torch.int64
        assert got.tolist() == by_hand


def test_an_empty_set_has_a_number_that_no_hash_reaches():
    a, b = hashes(K=3, seed=0)
    assert signature(set(), a, b).tolist() == [P] * 3
    assert signature(set(), a.int(), b.int()).dtype == torch.int64


def test_equal_numbers_estimate_the_jaccard_similarity():
    """The binomial's sixth standard deviation: a right program fails once in 10⁸ draws."""
    K = 4096
    a, b = hashes(K, seed=5)
    for shared in (0, 20, 60, 100):
        one, other = set(range(1000, 1100)), set(range(1100 - shared, 1200 - shared))
        J = jaccard(one, other)
        equal = (signature(one, a, b) == signature(other, a, b)).double().mean().item()
        # A linear hash is not quite a random order, which adds about as much as the binomial does.
        assert abs(equal - J) <= 6 * (J * (1 - J) / K) ** 0.5 + 0.02


def test_candidates_are_those_with_one_equal_band():
    generator = torch.Generator().manual_seed(6)
    signatures = torch.randint(0, 2, (40, 12), generator=generator)
    for bands in (1, 2, 3, 4, 6, 12):
        rows = 12 // bands
        by_hand = {
            (i, j)
            for i, j in combinations(range(40), 2)
            if any(
                (signatures[i, k : k + rows] == signatures[j, k : k + rows]).all() for k in range(0, 12, rows)
            )
        }
        assert candidates(signatures, bands) == by_hand


def test_candidates_of_none_and_bands_that_do_not_divide():
    assert candidates(torch.zeros(0, 4, dtype=torch.int64), 2) == set()
    assert candidates(torch.zeros(1, 4, dtype=torch.int64), 2) == set()
    for bands in (0, 3, 8, -2):
        with pytest.raises(ValueError, match=f"bands={bands} must divide K=4"):
            candidates(torch.zeros(2, 4, dtype=torch.int64), bands)


def test_components_are_those_of_a_search():
    source = random.Random(7)
    for _ in range(50):
        n = source.randrange(1, 30)
        pairs = [(source.randrange(n), source.randrange(n)) for _ in range(source.randrange(n))]
        neighbours = {i: {i} for i in range(n)}
        for i, j in pairs:
            neighbours[i].add(j)
            neighbours[j].add(i)
        found, seen = [], set()
        for i in range(n):
            if i not in seen:
                group, front = {i}, [i]
                while front:
                    front = [j for k in front for j in neighbours[k] if j not in group and not group.add(j)]
                found.append(sorted(group))
                seen |= group
        assert components(n, pairs) == found


def test_a_long_chain_is_one_component():
    n = 20_000
    for chain in (list(pairwise(range(n))), list(pairwise(reversed(range(n))))):
        assert components(n, chain) == [list(range(n))]
    assert components(0, []) == []


def test_a_pair_from_outside_is_refused():
    for pair in ((0, 3), (-1, 0)):
        with pytest.raises(ValueError, match="must lie within 0 to 2"):
            components(3, [pair])


def test_near_copies_are_found_from_end_to_end():
    source = random.Random(8)
    vocabulary = [f"w{i}" for i in range(500)]
    texts = [source.choices(vocabulary, k=120) for _ in range(30)]
    texts[20] = [*texts[4][:-2], "another", "end"]
    texts[11] = ["A", "new", "start", *texts[4]]
    a, b = hashes(K=128, seed=9)
    signatures = torch.stack([signature(shingles(words), a, b) for words in texts])
    alike = {
        (i, j)
        for i, j in candidates(signatures, bands=32)
        if jaccard(shingles(texts[i]), shingles(texts[j])) >= 0.8
    }
    groups = components(30, alike)
    assert [group for group in groups if len(group) > 1] == [[4, 11, 20]]
    assert minhash.P == P
