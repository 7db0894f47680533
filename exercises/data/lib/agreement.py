"""How far people who label agree beyond what chance would give: Cohen's κ, Fleiss' κ, Krippendorff's α.

Dimension key: N items, R raters, C labels. 1 is full agreement, 0 what chance gives, below 0 worse than chance. Where
chance alone gives full agreement (one label only) the value is 0/0: nan, not 1.
Reference: Cohen 1960; Fleiss 1971; Krippendorff 2004, chapter 11.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from lib.shapes import Float, Int


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return (observed - chance) / (1 - chance) for two raters' labels of the same items.

    Chance is the agreement of two raters who draw labels blindly, each with their own shares.

    Raises ValueError when there are no items, or not as many from both.

    >>> round(cohen_kappa([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]), 9)  # (.7 - .5) / .5
    0.4
    """
    if len(a) != len(b) or not a:
        raise ValueError(f"a has {len(a)} labels and b {len(b)}; both need as many, and at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write cohen_kappa() in lib/agreement.py")


def fleiss_kappa(counts: Int[Tensor, "N C"]) -> float:
    """Return κ for items that each got the same number of labels, from anyone: counts has how many said what.

    Observed is the mean share of pairs of different raters of an item that agree; chance is the sum of the squared
    shares of the labels among all ratings.

    Raises ValueError when rows do not sum to one number of at least 2.

    >>> round(fleiss_kappa(torch.tensor([[3, 0], [1, 2]])), 9)  # pairs: 1 and 1/3; shares 2/3, 1/3: (6/9 - 5/9) / (4/9)
    0.25
    """
    raters = counts.sum(dim=1)
    if not len(counts) or (raters != raters[0]).any() or raters[0] < 2:
        raise ValueError(
            f"rows of counts sum to {raters.unique().tolist()}; all must have one sum of at least 2"
        )
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write fleiss_kappa() in lib/agreement.py")


def krippendorff_alpha(ratings: Float[Tensor, "N R"], level: str = "nominal") -> float:
    """Return 1 - observed / expected disagreement of pairs of ratings; nan stands for a missing rating.

    At level "nominal" two ratings agree or do not; at "interval" their disagreement is the squared difference. Items
    with fewer than two ratings do not count.

    Raises ValueError for another level, or when no item has two ratings.

    >>> krippendorff_alpha(torch.tensor([[1.0, 1.0], [2.0, 3.0]]), "interval")  # 1 - (2/4) / (22/12)
    0.7272727272727273
    """
    if level not in ("nominal", "interval"):
        raise ValueError(f'level={level!r} must be "nominal" or "interval"')
    x = ratings.double()[(~ratings.isnan()).sum(dim=1) > 1]
    if not len(x):
        raise ValueError("no item has two ratings")
    there, filled = ~x.isnan(), x.nan_to_num()
    if level == "nominal":
        points = F.one_hot(torch.unique(filled, return_inverse=True)[1]).double()
    else:  # the mean is taken off against rounding
        points = (filled - filled[there].mean())[..., None]
    points = points * there[..., None]
    within = _disagreement(points, there) / (there.sum(dim=1) - 1)
    n = there.sum()
    expected = _disagreement(points.flatten(0, 1)[None], there.flatten()[None]) / (n - 1)
    return (1 - within.sum() / expected).item()


def _disagreement(points: Float[Tensor, "N R C"], there: Tensor) -> Float[Tensor, " N"]:
    """Return the sum of the squared distances of all ordered pairs of a row: 2 n Σ x² - 2 (Σ x)²."""
    squares = points.square().sum(dim=(1, 2))
    return 2 * there.sum(dim=1) * squares - 2 * points.sum(dim=1).square().sum(dim=1)
