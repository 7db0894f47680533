"""Text into ids and back: words, characters, and a byte-level BPE tokenizer, which loses nothing.

Ids 0 to 255 are the byte values, 256 + i is what merge i makes, the specials come last. Left out on purpose: what
others do to a text first, such as lower case or one of Unicode's normal forms, since then it does not come back.
Reference: Sennrich, Haddow and Birch 2016; over bytes: Radford et al. 2019, section 2.2.
"""

import json
import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from os import PathLike
from pathlib import Path

from lib.bpe import Pair, check_specials, merge, pair_counts, train_bpe
from lib.pretokens import pretokens, split_specials

__all__ = ["Tokenizer", "characters", "merge", "pair_counts", "train_bpe", "words"]

CACHED = 4096  # pieces; what occurs often is merged once, and the memory stays small


def words(text: str) -> list[str]:
    r"""Return the words of a text: runs of \w, and each other character that is no white space by itself.

    >>> words("I don't like 比萨 🍕.")
    ['I', 'don', "'", 't', 'like', '比萨', '🍕', '.']
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write words() in lib/tokenizer.py")


def characters(text: str) -> list[str]:
    """Return the characters of a text, which are Unicode's code points: nothing is lost.

    >>> characters("比 é")
    ['比', ' ', 'é']
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write characters() in lib/tokenizer.py")


class Tokenizer:
    """A byte-level BPE tokenizer: `vocab` has the bytes of each id.

    Raises ValueError when a merge is of ids that are not there before it, or stands there twice, or a special is empty or
    repeated.

    >>> tokenizer = Tokenizer([(108, 111), (256, 119)], specials=["<|end|>"])
    >>> tokenizer.encode("lower")
    [257, 101, 114]
    >>> tokenizer.decode([257, 101, 114, 258])
    'lower<|end|>'
    """

    def __init__(self, merges: Iterable[Sequence[int]], specials: Sequence[str] = ()):
        check_specials(specials)
        self.merges: list[Pair] = [(left, right) for left, right in merges]
        self.specials = list(specials)
        self.vocab = [bytes([byte]) for byte in range(256)]
        self.ids: dict[Pair, int] = {}  # what each merge makes
        for pair in self.merges:
            if not all(0 <= i < len(self.vocab) for i in pair) or pair in self.ids:
                raise ValueError(f"merges has {pair}; each must be new and of ids below its own")
            self.ids[pair] = len(self.vocab)
            self.vocab.append(self.vocab[pair[0]] + self.vocab[pair[1]])
        self.special_ids = {special: len(self.vocab) + i for i, special in enumerate(self.specials)}
        self.vocab += [special.encode() for special in self.specials]
        self._cache: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.vocab)

    def merge_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece: its bytes, merged in the order in which the merges were learned.

        Not the longest token first: Tokenizer([(98, 99), (97, 98)]).merge_piece("abc") is [97, 256].
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.merge_piece() in lib/tokenizer.py")

    def encode_piece(self, piece: str) -> list[int]:
        """Return what `merge_piece` does, from memory if the piece was met not long ago. The list is not to be changed."""
        ids = self._cache.get(piece)
        if ids is None:
            if len(self._cache) == CACHED:
                self._cache.clear()
            ids = self._cache[piece] = self.merge_piece(piece)
        return ids

    def encode(self, text: str, allow_specials: bool = False) -> list[int]:
        """Return the ids of a text. The text of a special becomes its id only if allow_specials is True.

        So nothing that a user writes ends the text or a turn, unless the program says so. The longest special counts where
        two fit. Raises ValueError for half a surrogate pair, which UTF-8 does not have.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.encode() in lib/tokenizer.py")

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids: all their bytes, then decoded. Bytes that are no UTF-8 become U+FFFD.

        Raises ValueError for an id outside the vocabulary.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.decode() in lib/tokenizer.py")

    def encode_iterable(self, texts: Iterable[str]) -> Iterator[int]:
        """Yield the ids of encode("".join(texts)), wherever the text is cut, without ever holding the whole.

        Only the last two pieces of what has come can still change: ' and l are two until another l makes them 'll.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.encode_iterable() in lib/tokenizer.py")

    def save(self, path: str | PathLike[str]) -> None:
        """Write {"merges": [[left, right], …], "specials": […]} as JSON in UTF-8."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.save() in lib/tokenizer.py")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Tokenizer":
        """Return the tokenizer that `save` wrote."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Tokenizer.load() in lib/tokenizer.py")
