"""Text as numbers, one a character: the simplest tokenizer there is, for models that train in seconds."""

from collections.abc import Iterable

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
    codes, known = (
        np.frombuffer(characters.encode("utf-32-le"), dtype=np.uint32) for characters in (text, alphabet)
    )
    places = np.searchsorted(known, codes)
    missing = np.take(known, places, mode="clip") != codes if len(known) else np.ones(len(codes), dtype=bool)
    if missing.any():
        raise ValueError(f"the alphabet has no {text[missing.argmax()]!r}")
    return torch.from_numpy(places)
