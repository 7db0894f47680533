"""Counting n-grams: how often each run of k tokens, k = 1 to n, occurs in some texts.

Dimension key: N tokens of a text, V vocabulary. A token is anything hashable: a character, a word, a number.
Every k-gram gets a number. Its key is (number of its first k - 1 tokens) * (V + 1) + (its last token), and its
number is the rank of that key; so counting is sorting and looking up is binary search, whatever n is.
Left out on purpose: counts larger than memory (that of Shakespeare, n = 6, takes 0.6 GB at its peak).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from lib.shapes import Bool, Float, Int

UNKNOWN = "\ufffd"  # stands for every token outside the vocabulary; always the last of the V entries


@dataclass(frozen=True)
class Level:
    """All k-grams of one length, numbered by rank of their key."""

    keys: Int[Tensor, " grams"]  # sorted
    count: Int[Tensor, " grams"]  # how often each k-gram occurs
    continuation: Int[Tensor, " grams"]  # how many different tokens come right before it
    prefix: Int[Tensor, " grams"]  # number of its first k - 1 tokens
    n_prefixes: int  # how many (k-1)-grams there are

    def per_prefix(self, values: Int[Tensor, " grams"] | Bool[Tensor, " grams"]) -> Int[Tensor, " prefixes"]:
        """Sum a value of each k-gram over all k-grams with the same prefix."""
        return torch.zeros(self.n_prefixes, dtype=torch.long).scatter_add_(0, self.prefix, values.long())


class NGramCounts:
    """How often each k-gram with k from 1 to n occurs in some texts: count once, smooth in any way.

    Before each text stand n - 1 start marks, which models see and never predict. vocabulary lists the
    tokens to tell apart, by default all that occur; every other token counts as UNKNOWN.

    Raises ValueError when n < 1, when texts is one single string, or when the texts hold no token.

    >>> NGramCounts(["abab", "ab"], n=2).count("ab")
    3
    """

    def __init__(
        self, texts: Iterable[Sequence[Hashable]], n: int, vocabulary: Iterable[Hashable] | None = None
    ):
        if n < 1:
            raise ValueError(f"n={n} must be at least 1")
        texts = as_texts(texts)
        known = dict.fromkeys(chain.from_iterable(texts) if vocabulary is None else vocabulary)
        self.n, self.tokens = n, [*(token for token in known if token != UNKNOWN), UNKNOWN]
        self.V, self._entry = len(self.tokens), {token: i for i, token in enumerate(self.tokens)}
        self.levels = _levels([self.encode(text) for text in texts], n, start=self.V)

    def encode(self, text: Sequence[Hashable]) -> Int[Tensor, " N"]:
        """Return each token's entry in the vocabulary."""
        return torch.tensor([self._entry.get(token, self.V - 1) for token in text], dtype=torch.long)

    def number(self, k: int, prefix: Int[Tensor, "..."], token: Int[Tensor, "..."]) -> Int[Tensor, "..."]:
        """Return the numbers of the k-grams that extend (k-1)-grams by one token; -1 where never seen."""
        keys, wanted = self.levels[k - 1].keys, prefix * (self.V + 1) + token
        place = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
        return torch.where((prefix >= 0) & (keys[place] == wanted), place, -1)

    def prefixes(self, text: Sequence[Hashable], n: int) -> list[Int[Tensor, " N_plus_1"]]:
        """Return, for k = 1 to n, the number of the k - 1 tokens before each token and after the last."""
        stream = torch.cat([torch.full((n - 1,), self.V), self.encode(text)])
        gram, found = torch.zeros_like(stream), [torch.zeros(len(text) + 1, dtype=torch.long)]
        for k in range(1, n):
            gram = self.number(k, gram.roll(1), stream)
            found.append(gram[n - 2 :])
        return found

    def count(self, gram: Sequence[Hashable]) -> int:
        """Return how often a gram of 1 to n tokens occurs."""
        if not 1 <= len(gram) <= self.n:
            raise ValueError(f"gram={gram!r} has {len(gram)} tokens; these counts hold 1 to {self.n}")
        number = torch.tensor(0)
        for k, token in enumerate(self.encode(gram), start=1):
            number = self.number(k, number, token)
        return int(at(self.levels[len(gram) - 1].count, number))


def _levels(texts: list[Int[Tensor, " _"]], n: int, start: int) -> list[Level]:
    stream = torch.cat([part for text in texts for part in (torch.full((n - 1,), start), text)])
    gram = torch.zeros_like(stream)  # number of the k-gram that ends at each place
    levels: list[Level] = []
    for _ in range(n):
        keys, longer = torch.unique(gram.roll(1) * (start + 1) + stream, return_inverse=True)
        # A gram that ends in a start mark has count 0: it is there to be looked up as a prefix.
        count = torch.bincount(longer[stream != start], minlength=len(keys))
        suffix = torch.empty_like(keys).scatter_(0, longer, gram)
        if levels:
            levels[-1].continuation.copy_(torch.bincount(suffix[count > 0], minlength=len(levels[-1].keys)))
        levels.append(Level(keys, count, torch.zeros_like(count), keys // (start + 1), int(gram.max()) + 1))
        gram = longer
    return levels


def as_texts(texts: Iterable[Sequence[Hashable]]) -> list[Sequence[Hashable]]:
    """Return the texts as a list; raise ValueError when they are one string or hold no token."""
    if isinstance(texts, str):
        raise ValueError("texts is one string; pass a list of texts, such as [text]")
    texts = list(texts)
    if not any(len(text) for text in texts):
        raise ValueError("texts hold no token; at least one is needed")
    return texts


def at(values: Int[Tensor, " grams"], number: Int[Tensor, "..."]) -> Float[Tensor, "..."]:
    """Return values[number] in float64, and 0 where number is -1, as it is for an unseen gram."""
    return torch.where(number >= 0, values[number], 0).double()
