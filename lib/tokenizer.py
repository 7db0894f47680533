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
    ### BEGIN SOLUTION
    return re.findall(r"\w+|[^\w\s]", text)
    ### END SOLUTION


def characters(text: str) -> list[str]:
    """Return the characters of a text, which are Unicode's code points: nothing is lost.

    >>> characters("比 é")
    ['比', ' ', 'é']
    """
    ### BEGIN SOLUTION
    return list(text)
    ### END SOLUTION


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
        ### BEGIN SOLUTION
        ids = list(piece.encode())
        for _ in range(len(ids)):  # each merge makes it shorter
            first = min(pairwise(ids), key=lambda pair: self.ids.get(pair, math.inf), default=None)
            if first not in self.ids:
                break
            ids = merge(ids, first, self.ids[first])
        return ids
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        ids: list[int] = []
        for i, part in enumerate(split_specials(text, self.specials if allow_specials else ())):
            if i % 2:
                ids.append(self.special_ids[part])
            else:
                ids.extend(id for piece in pretokens(part) for id in self.encode_piece(piece))
        return ids
        ### END SOLUTION

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids: all their bytes, then decoded. Bytes that are no UTF-8 become U+FFFD.

        Raises ValueError for an id outside the vocabulary.
        """
        ### BEGIN SOLUTION
        ids = list(ids)
        if outside := [i for i in ids if not 0 <= i < len(self.vocab)]:
            raise ValueError(f"ids has {outside[0]}, which is not in [0, {len(self.vocab)})")
        return b"".join(self.vocab[i] for i in ids).decode(errors="replace")
        ### END SOLUTION

    def encode_iterable(self, texts: Iterable[str]) -> Iterator[int]:
        """Yield the ids of encode("".join(texts)), wherever the text is cut, without ever holding the whole.

        Only the last two pieces of what has come can still change: ' and l are two until another l makes them 'll.
        """
        ### BEGIN SOLUTION
        held: deque[str] = deque()
        for text in texts:
            text, held = "".join([*held, text]), deque()
            for piece in pretokens(text):
                held.append(piece)
                if len(held) > 2:
                    yield from self.encode_piece(held.popleft())
        yield from self.encode("".join(held))
        ### END SOLUTION

    def save(self, path: str | PathLike[str]) -> None:
        """Write {"merges": [[left, right], …], "specials": […]} as JSON in UTF-8."""
        ### BEGIN SOLUTION
        saved = {"merges": self.merges, "specials": self.specials}
        Path(path).write_text(json.dumps(saved, ensure_ascii=False), "utf-8")
        ### END SOLUTION

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Tokenizer":
        """Return the tokenizer that `save` wrote."""
        ### BEGIN SOLUTION
        saved = json.loads(Path(path).read_text("utf-8"))
        return cls(saved["merges"], saved["specials"])
        ### END SOLUTION
