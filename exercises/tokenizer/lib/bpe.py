"""Byte-pair encoding, the training: merge what stands side by side most often, again and again.

Ids 0 to 255 are the byte values, 256 + i is what merge i makes. Left out on purpose: training from several files at once.
Reference: Sennrich, Haddow and Birch 2016, section 3.2; over bytes: Radford et al. 2019, section 2.2.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from lib.pretokens import pretokens, split_specials

Pair = tuple[int, int]


def merge(ids: list[int], pair: Pair, new: int) -> list[int]:
    """Return the ids with each occurrence of the pair replaced by new, from the left, without overlaps.

    The list that is given stays as it is.

    >>> merge([97, 97, 97], (97, 97), 256)
    [256, 97]
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write merge() in lib/bpe.py")


def pair_counts(pieces: Mapping[tuple[int, ...], int]) -> dict[Pair, int]:
    """Return how often each pair stands side by side in all pieces, given how often each piece occurs.

    Every place counts, also where two overlap. A pair that does not occur is not in the dictionary.

    >>> pair_counts({(97, 97, 97): 2, (97, 98): 3})
    {(97, 97): 4, (97, 98): 3}
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write pair_counts() in lib/bpe.py")


def piece_counts(text: str, specials: Sequence[str] = ()) -> dict[str, int]:
    """Return how often each piece occurs in a text; specials separate pieces and are none themselves.

    Nothing is held but the counts: a corpus has a hundred times as many pieces as different ones.

    >>> piece_counts("to be or<|end|>not to be", ["<|end|>"])
    {'to': 1, ' be': 2, ' or': 1, 'not': 1, ' to': 1}
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write piece_counts() in lib/bpe.py")


class PairTable:
    """The counts of all pairs, kept up to date: a merge looks only at the pieces that hold the pair.

    Not asked for: a `train_bpe` that counts all pairs anew after each merge is right as well, and slow.

    >>> table = PairTable({"abab": 1, "cab": 2})
    >>> table.best()
    (97, 98)
    >>> table.merge((97, 98), 256)
    >>> table.counts[(99, 256)], table.counts[(97, 98)]
    (2, 0)
    """

    def __init__(self, pieces: Mapping[str, int]):
        self.pieces = [list(piece.encode()) for piece in pieces]
        self.times = list(pieces.values())
        self.counts: Counter[Pair] = Counter()
        self.where: defaultdict[Pair, set[int]] = defaultdict(set)  # pieces that hold the pair, or once did
        for i, ids in enumerate(self.pieces):
            for pair in pairwise(ids):
                self.counts[pair] += self.times[i]
                self.where[pair].add(i)
        self.heap = [(-count, pair) for pair, count in self.counts.items()]  # so the smallest is the best
        heapq.heapify(self.heap)

    def best(self) -> Pair | None:
        """Return the pair with the highest count, the smallest of several; None when no pair is left.

        An entry of the heap whose count is no longer true is thrown away: when a count changes, a new entry is made.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write PairTable.best() in lib/bpe.py")

    def merge(self, pair: Pair, new: int) -> None:
        """Merge the pair in all pieces that hold it."""
        changes: Counter[Pair] = Counter()
        for i in self.where.pop(pair, ()):
            self._merge_piece(i, pair, new, changes)
        for changed, difference in changes.items():
            if difference:
                self.counts[changed] += difference
                heapq.heappush(self.heap, (-self.counts[changed], changed))

    def _merge_piece(self, i: int, pair: Pair, new: int, changes: Counter[Pair]) -> None:
        """Merge the pair in piece i, and add to changes what that does to the counts of all pairs."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write PairTable._merge_piece() in lib/bpe.py")


def train_bpe(text: str, vocab_size: int, specials: Sequence[str] = ()) -> list[Pair]:
    """Return the merges that a text teaches, in order; merge i makes the id 256 + i.

    Within pieces only. Of equally frequent pairs the one with the smallest ids comes first. vocab_size counts 256 bytes,
    merges and specials; there are fewer merges when no pair is left.

    Raises ValueError when vocab_size has no room for the bytes and the specials, or a special is empty or repeated.

    >>> train_bpe("aaabdaaabac", 259)
    [(97, 97), (97, 98), (256, 257)]
    """
    check_specials(specials)
    if vocab_size < 256 + len(specials):
        raise ValueError(f"vocab_size={vocab_size} must be at least 256 bytes and {len(specials)} specials")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write train_bpe() in lib/bpe.py")


def check_specials(specials: Sequence[str]) -> None:
    """Raise ValueError when a special is empty or stands there twice, or all are one single string."""
    if isinstance(specials, str) or "" in specials or len(set(specials)) < len(specials):
        raise ValueError(f"specials={specials!r} must be a list of different texts, none of them empty")
