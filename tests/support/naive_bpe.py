"""Byte-pair encoding as the algorithm is told, to compare with: count everything, merge everywhere, again and again."""

from collections import Counter
from itertools import pairwise

from lib.bpe import Pair, merge
from lib.pretokens import pretokens


def train_naive(text: str, vocab_size: int) -> list[Pair]:
    """Return the merges found by counting all of the text anew each time."""
    pieces = [list(piece.encode()) for piece in pretokens(text)]
    merges: list[Pair] = []
    for new in range(256, vocab_size):
        counts = Counter(pair for ids in pieces for pair in pairwise(ids))
        if not counts:
            break
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        pieces = [merge(ids, merges[-1], new) for ids in pieces]
    return merges
