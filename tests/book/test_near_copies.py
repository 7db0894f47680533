"""Similar pairs are those that a comparison of all pairs finds, and the figure's numbers are the signatures'."""

from itertools import combinations
from random import Random

import pytest

from book.cells import near_copies
from lib.minhash import P, jaccard

pytestmark = pytest.mark.part("chapter data")


@pytest.fixture(scope="module")
def sets():
    """Forty sets, some of which share half of their members."""
    draw = Random(0)
    own = [set(draw.sample(range(P), 20)) for _ in range(40)]
    return [one | (own[0] if n % 3 == 0 else set()) for n, one in enumerate(own)]


def test_all_pairs_at_least_so_similar_are_found(sets):
    for least in (0.1, 0.4):
        want = {(i, j): jaccard(sets[i], sets[j]) for i, j in combinations(range(40), 2)}
        want = {pair: similarity for pair, similarity in want.items() if similarity >= least}
        assert near_copies.similar_pairs(sets, least) == pytest.approx(want)
        assert want


def test_no_hash_function_is_constant_and_their_number_is_that_of_a_signature():
    for seed in range(20):
        a, b = near_copies.hash_functions(seed)
        assert a.shape == b.shape == (near_copies.K,)
        assert 1 <= a.min() <= a.max() < P
        assert 0 <= b.min() <= b.max() < P


def test_the_figure_knows_where_each_pair_agrees(sets):
    signatures = near_copies.signatures_of(sets)
    similarity = near_copies.similar_pairs(sets, least=0.4)
    data = near_copies.figure_data(signatures, similarity)
    agreeing = {}
    for i, j in combinations(range(40), 2):
        places = (signatures[i] == signatures[j]).nonzero().flatten().tolist()
        agreeing.setdefault((i, j) in similarity, []).append(places)
    read = [
        [n for n, bit in enumerate(f"{int(digits, 16):0128b}") if bit == "1"] for _, digits in data["pairs"]
    ]
    assert sorted(read) == sorted(agreeing[True])
    assert sorted(data["others"]) == sorted(places for places in agreeing[False] if places)
    assert [value for value, _ in data["pairs"]] == sorted(round(value, 6) for value in similarity.values())
