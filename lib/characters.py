"""Text as numbers, one a character: the simplest tokenizer there is, for models that train in seconds."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from lib.shapes import Int


def alphabet_of(texts: Iterable[str]) -> str:
    """Return all characters that occur, each once, in the order of their code points.

    >>> alphabet_of(["to be", "or not"])
    ' benort'
    """
    return "".join(sorted(set().union(*texts)))


def encode(text: str, alphabet: str) -> Int[Tensor, " N"]:
    """Return where in a sorted alphabet each character stands, as int64.

    All are looked up at once: a loop over five million characters would take a second.

    Raises ValueError for a character that the alphabet does not have.

    >>> encode("bet", " benort").tolist()
    [1, 2, 6]
    """
    places, missing = _look_up(text, alphabet)
    if missing.any():
        raise ValueError(f"the alphabet has no {text[missing.argmax()]!r}")
    return torch.from_numpy(places)


def _look_up(text: str, alphabet: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where each character stands, or would stand, and whether it is missing."""
    codes, known = (
        np.frombuffer(characters.encode("utf-32-le"), dtype=np.uint32) for characters in (text, alphabet)
    )
    places = np.searchsorted(known, codes)
    missing = np.take(known, places, mode="clip") != codes if len(known) else np.ones(len(codes), dtype=bool)
    return places, missing


class Characters:
    """A vocabulary made from a training text: its characters by code point, then one id for all others, then specials.

    With `most` only that many characters have ids of their own, the commonest, of equals the first by code point.
    A special has an id and no character: its name in a text is encoded as the text that it is.

    Raises ValueError when specials repeat a name, unknown is not one character, or most is negative.

    >>> words = Characters("abca", specials=("[MASK]",))
    >>> words.size, words.encode("bad").tolist(), words.id_of("[MASK]"), words.decode([2, 3, 4])
    (5, [1, 0, 3], 4, 'c\ufffd[MASK]')
    """

    def __init__(
        self, text: str, specials: Sequence[str] = (), unknown: str = "\ufffd", most: int | None = None
    ):
        if len(unknown) != 1 or len(set(specials)) < len(specials):
            raise ValueError(
                f"unknown={unknown!r} must be one character, and specials={tuple(specials)} must differ"
            )
        if most is not None and most < 0:
            raise ValueError(f"most={most} must not be negative")
        counts = Counter(text)
        del counts[unknown]
        self.alphabet = "".join(sorted(sorted(counts, key=lambda c: (-counts[c], c))[:most]))
        self.unknown_id, self.specials = len(self.alphabet), tuple(specials)
        self.names = [*self.alphabet, unknown, *specials]

    @property
    def size(self) -> int:
        """How many ids there are: V of a model that reads them."""
        return len(self.names)

    def id_of(self, special: str) -> int:
        """Return the id of a special. Raises ValueError for one that there is not."""
        if special not in self.specials:
            raise ValueError(f"special={special!r} is none of {self.specials}")
        return self.unknown_id + 1 + self.specials.index(special)

    def encode(self, text: str) -> Int[Tensor, " N"]:
        """Return the id of each character, int64; a character that is not known becomes unknown_id."""
        places, missing = _look_up(text, self.alphabet)
        return torch.from_numpy(places).masked_fill(torch.from_numpy(missing), self.unknown_id)

    def decode(self, ids: Iterable[int] | Int[Tensor, " N"]) -> str:
        """Return the text of some ids: specials by their names, the unknown as its one character.

        Raises ValueError for an id that there is not.
        """
        numbers = ids.tolist() if isinstance(ids, Tensor) else list(ids)
        wrong = [i for i in numbers if not 0 <= i < self.size]
        if wrong:
            raise ValueError(f"ids have {wrong[0]}; they must lie from 0 to {self.size - 1}")
        return "".join(self.names[i] for i in numbers)
