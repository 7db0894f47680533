"""More text from text: words left out, words exchanged. The random numbers are handed in.

Left out on purpose: synonyms (they need a dictionary), back-translation and text by a model (they need a model).
Reference: Wei and Zou 2019 (easy data augmentation), random deletion and random swap.
"""

from collections.abc import Sequence

from torch import Tensor

from lib.shapes import Float


def delete_words(words: Sequence[str], u: Float[Tensor, " N"], share: float) -> list[str]:
    """Return the words whose u is at least `share`; where none would be left, the one with the largest u.

    Raises ValueError when u has not one number a word.

    >>> delete_words("to be or not".split(), Tensor([0.7, 0.05, 0.3, 0.1]), share=0.1)
    ['to', 'or', 'not']
    """
    if len(u) != len(words):
        raise ValueError(f"u has {len(u)} numbers; it must have one for each of the {len(words)} words")
    limit = min(share, max(u.tolist(), default=share))
    return [word for word, x in zip(words, u.tolist(), strict=True) if x >= limit]


def swap_words(words: Sequence[str], u: Float[Tensor, "S two"]) -> list[str]:
    """Return the words after S exchanges; row s of u, from 0 to below 1, says which two places change in turn s.

    Raises ValueError when u does not lie from 0 to below 1.

    >>> swap_words("to be or not".split(), Tensor([[0.0, 0.9], [0.0, 0.3]]))
    ['be', 'not', 'or', 'to']
    """
    if ((u < 0) | (u >= 1)).any():
        raise ValueError("u must lie from 0 to below 1")
    words = list(words)
    for i, j in (u.double() * len(words)).long().tolist() if words else []:
        words[i], words[j] = words[j], words[i]
    return words
