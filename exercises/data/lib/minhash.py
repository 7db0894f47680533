"""Near copies without comparing all pairs: shingles, MinHash signatures, bands, and what hangs together.

Dimension key: N texts, K hash functions. A hash function is x → (a x + b) mod P; the a and b are handed in.
The chance that two sets have the same smallest hash is their Jaccard similarity J, so the share of equal numbers
in two signatures estimates J. With K numbers cut into bands of r, a pair is found with chance 1 - (1 - Jʳ)^(K/r).
Reference: Broder 1997 (resemblance of documents); Indyk and Motwani 1998 (locality-sensitive hashing).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from hashlib import blake2b
from itertools import combinations

import torch
from torch import Tensor

from lib.shapes import Int

P = 2**31 - 1  # prime, and so small that a x + b fits into 64 bits


def hash_text(text: str) -> int:
    """Return a number from 0 to P - 1 that is the same in every run; Python's own hash() of a text is not."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % P


def shingles(words: Sequence[str], n: int = 5) -> set[int]:
    """Return the hashes of all runs of n words, joined by a blank; of a shorter text that of all its words.

    A text without words has no shingles.

    Raises ValueError when n is less than 1.

    >>> shingles("to be or not to be".split(), 2) == {hash_text(t) for t in ["to be", "be or", "or not", "not to"]}
    True
    """
    if n < 1:
        raise ValueError(f"n={n} words must be at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write shingles() in lib/minhash.py")


def jaccard(a: Set[int], b: Set[int]) -> float:
    """Return the share of what is in a or b that is in both; two empty sets are equal, so 1.

    >>> jaccard({1, 2, 3, 4}, {2, 3, 4, 5})
    0.6
    """
    return len(a & b) / len(a | b) if a or b else 1.0


def signature(shingles: Set[int], a: Int[Tensor, " K"], b: Int[Tensor, " K"]) -> Int[Tensor, " K"]:
    """Return the smallest (a x + b) mod P over all x for each of the K hash functions, as int64.

    All numbers lie from 0 to P - 1. Of an empty set every number is P, which no hash reaches. Works in pieces,
    so that its memory does not grow with len(shingles) · K.

    >>> signature({3, 5}, torch.tensor([2, P - 1]), torch.tensor([1, 0])).tolist()  # -5 mod P is P - 5
    [7, 2147483642]
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write signature() in lib/minhash.py")


def candidates(signatures: Int[Tensor, "N K"], bands: int) -> set[tuple[int, int]]:
    """Return all pairs i < j whose signatures agree in at least one whole band of K / bands numbers.

    Raises ValueError when K is not a multiple of bands.

    >>> sorted(candidates(torch.tensor([[1, 2, 3, 4], [1, 2, 0, 0], [0, 2, 3, 0]]), bands=2))
    [(0, 1)]
    """
    K = signatures.shape[1]
    if bands < 1 or K % bands:
        raise ValueError(f"bands={bands} must divide K={K}")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write candidates() in lib/minhash.py")


def components(n: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the numbers 0 to n - 1 in groups: whoever is linked by pairs, also through others, is in one.

    Groups are in order of their first member and sorted; a number without a pair is a group of its own.

    Raises ValueError when a pair names a number outside 0 to n - 1.

    >>> components(5, [(3, 1), (1, 4)])
    [[0], [1, 3, 4], [2]]
    """
    pairs = list(pairs)
    for i, j in pairs:
        if not (0 <= i < n and 0 <= j < n):
            raise ValueError(f"pair {i, j} must lie within 0 to {n - 1}")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write components() in lib/minhash.py")
