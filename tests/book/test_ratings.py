"""The ratings are those of the files they were taken from."""

import pytest
import torch

from book.cells.ratings import counts_of_signs, ratings
from lib.agreement import fleiss_kappa


@pytest.mark.parametrize(
    ("source", "items", "first", "kappa"),
    [
        ("reviews", 3708, -0.9, 0.691),
        ("tweets", 3200, None, 0.533),
        ("editorials", 5190, 0.4, 0.365),
        ("films", 810, None, 0.688),
    ],
)
def test_a_source_has_its_items_and_its_agreement(source, items, first, kappa):
    rated = ratings()[source]
    assert rated.shape == (items, 20)
    assert rated.dtype == torch.int8
    assert rated.abs().max() == 4
    if first is not None:  # the mean that the file gives for its first item
        assert rated[0].double().mean() == pytest.approx(first)
    counts = counts_of_signs(rated)
    assert (counts.sum(dim=1) == 20).all()
    assert fleiss_kappa(counts) == pytest.approx(kappa, abs=5e-4)


def test_signs_are_negative_zero_positive():
    assert counts_of_signs(torch.tensor([[-4, -1, 0, 3]], dtype=torch.int8)).tolist() == [[2, 1, 1]]
