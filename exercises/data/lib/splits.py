"""Parts that share nothing: a split that never divides a group, and a search for test text in the training text.

Left out on purpose: splits by time (sort by date and cut) and stratified splits (split each label by itself).
Reference: Brown et al. 2020, appendix C (overlap by runs of 13 words).
"""

import re
from collections.abc import Hashable, Sequence

from torch import Tensor

from lib.shapes import Float


def split_by_group(
    groups: Sequence[Hashable], shares: Sequence[float], u: Float[Tensor, " G"]
) -> list[list[int]]:
    """Return the indices of each part, in ascending order; all members of a group are in one part.

    groups[i] is the group of text i; u has a random number for each different group, in order of appearance. In
    ascending order of u each group goes to the part that lacks most texts, share · N - size, the first of equals.

    Raises ValueError when shares are negative or do not sum to 1, or u has not one number a group.

    >>> split_by_group(["a", "b", "a", "c"], [0.5, 0.5], Tensor([0.3, 0.9, 0.1]))  # c, then a, then b
    [[1, 3], [0, 2]]
    """
    if min(shares, default=-1) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"shares={list(shares)} must not be negative and must sum to 1")
    if len(u) != len(set(groups)):
        raise ValueError(
            f"u has {len(u)} numbers; it must have one for each of the {len(set(groups))} groups"
        )
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write split_by_group() in lib/splits.py")


def words_of(text: str) -> list[str]:
    r"""Return the runs of letters, digits and _ in lower case: no punctuation, no line ends."""
    return re.findall(r"\w+", text.lower())


def contaminated(train: Sequence[str], test: Sequence[str], n: int = 13) -> list[bool]:
    """Return for each test text whether n words in a row of it stand in any one training text, as words_of has them.

    Of a test text with fewer than n words all of them must stand there in a row; one without words is clean.

    Raises ValueError when n is less than 1.

    >>> contaminated(["It was the best of times."], ["the BEST\\nof", "the best times", "best"], n=3)
    [True, False, True]
    """
    if n < 1:
        raise ValueError(f"n={n} words must be at least 1")

    # Write your solution here, in place of the next line.
    raise NotImplementedError("write contaminated() in lib/splits.py")
