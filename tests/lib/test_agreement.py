"""Agreement against tables in print, sums over all pairs, and numbers worked by hand."""

import math
import random
from itertools import permutations

import pytest
import torch

from lib.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha

NAN = math.nan


def test_cohen_by_hand():
    a, b = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa(list("xxy"), list("xyy")) == pytest.approx(0.4)  # 2/3 agree, chance 2/9 + 2/9
    assert cohen_kappa(["yes", "no"], ["no", "yes"]) == -1
    assert cohen_kappa([1, 1, 1], [1, 2, 3]) == 0  # one rater with one label tells nothing


def test_cohen_over_all_pairs_of_items():
    """Chance is the agreement of one rater's label of any item with the other's of any other."""
    source = random.Random(1)
    for _ in range(20):
        a, b = source.choices("xyz", k=12), source.choices("xyyy", k=12)
        agreed = sum(x == y for x, y in zip(a, b, strict=True)) / 12
        chance = sum(x == y for x in a for y in b) / 144
        assert cohen_kappa(a, b) == pytest.approx((agreed - chance) / (1 - chance))


def test_one_label_only_is_no_agreement():
    assert math.isnan(cohen_kappa([1, 1], [1, 1]))
    assert math.isnan(fleiss_kappa(torch.tensor([[3, 0], [3, 0]])))
    assert math.isnan(krippendorff_alpha(torch.ones(2, 3)))


def test_fleiss_example_of_1971():
    """10 of the subjects that textbooks print with 14 raters and 5 labels: κ = 0.210."""
    table = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    assert fleiss_kappa(torch.tensor(table)) == pytest.approx(0.20993, abs=1e-5)


def test_fleiss_over_all_pairs_of_raters():
    source = random.Random(2)
    for raters in (2, 3, 5):
        rows = [source.choices([0, 0, 1, 2], k=raters) for _ in range(15)]
        agreed = sum(x == y for row in rows for x, y in permutations(row, 2)) / (15 * raters * (raters - 1))
        everyone = [x for row in rows for x in row]
        chance = sum((everyone.count(c) / len(everyone)) ** 2 for c in range(3))
        counts = torch.tensor([[row.count(c) for c in range(3)] for row in rows])
        assert fleiss_kappa(counts) == pytest.approx((agreed - chance) / (1 - chance))


def test_krippendorffs_own_example():
    """The table of four observers and twelve units, with what is missing, from Krippendorff 2011."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
    ratings = torch.tensor(observers).T
    assert krippendorff_alpha(ratings, "nominal") == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(ratings, "interval") == pytest.approx(0.849, abs=5e-4)


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_krippendorff_over_all_pairs_of_ratings(level):
    generator = torch.Generator().manual_seed(3)
    ratings = torch.randint(-2, 3, (12, 5), generator=generator).float()
    ratings[torch.rand(12, 5, generator=generator) < 0.4] = NAN

    def apart(x: float, y: float) -> float:
        return (x - y) ** 2 if level == "interval" else x != y

    rows = [row[~row.isnan()].tolist() for row in ratings]
    rows = [row for row in rows if len(row) > 1]
    everyone = [x for row in rows for x in row]
    n = len(everyone)
    observed = sum(apart(x, y) / (len(row) - 1) for row in rows for x, y in permutations(row, 2)) / n
    expected = sum(apart(x, y) for x, y in permutations(everyone, 2)) / (n * (n - 1))
    assert krippendorff_alpha(ratings, level) == pytest.approx(1 - observed / expected)
    assert krippendorff_alpha(ratings + 1000, level) == pytest.approx(1 - observed / expected)


def test_bad_input_is_refused():
    for a, b in (([], []), ([1], [1, 2])):
        with pytest.raises(ValueError, match="both need as many, and at least 1"):
            cohen_kappa(a, b)
    for counts in ([[2, 1], [2, 2]], [[1, 0], [0, 1]]):
        with pytest.raises(ValueError, match="all must have one sum of at least 2"):
            fleiss_kappa(torch.tensor(counts))
    with pytest.raises(ValueError, match=r"rows of counts sum to \[\]"):
        fleiss_kappa(torch.zeros(0, 3, dtype=torch.int64))
    with pytest.raises(ValueError, match='level=\'ratio\' must be "nominal" or "interval"'):
        krippendorff_alpha(torch.ones(2, 2), "ratio")
    with pytest.raises(ValueError, match="no item has two ratings"):
        krippendorff_alpha(torch.tensor([[1.0, NAN], [NAN, NAN]]))
