"""n-gram language models: the next token depends on the n - 1 tokens before it, and on nothing else.

Dimension key: N tokens of a text, V vocabulary. Probabilities are float64, logarithms natural.
Left out on purpose: an end-of-text token (append one to your texts) and discounts estimated from the counts.
Reference: Shannon 1948, section 3 (n-gram models); Chen and Goodman 1999 (smoothing).
"""

import math
from collections.abc import Hashable, Iterable, Sequence

import torch
from torch import Tensor

from lib.ngram_counts import NGramCounts, as_texts, at
from lib.shapes import Float, Int


class NGram:
    """What every n-gram model does, however it smooths; a subclass says how in `probs`."""

    def __init__(self, counts: NGramCounts, n: int | None = None):
        self.counts, self.n = counts, counts.n if n is None else n
        if not 1 <= self.n <= counts.n:
            raise ValueError(f"n={n} must lie between 1 and the {counts.n} that were counted")

    def probs(self, prefixes: list[Int[Tensor, "..."]], token: Int[Tensor, "..."]) -> Float[Tensor, "..."]:
        """Return P(token | its last n - 1 tokens), given the numbers of its prefixes of 0 to n - 1 tokens."""
        raise NotImplementedError

    def log_probs(self, text: Sequence[Hashable]) -> Float[Tensor, " N"]:
        """Return the log probability of each token given those before it, in nats."""
        prefixes = [prefix[:-1] for prefix in self.counts.prefixes(text, self.n)]
        return self.probs(prefixes, self.counts.encode(text)).log()

    def next_probs(self, context: Sequence[Hashable] = ()) -> Float[Tensor, " V"]:
        """Return the distribution of the token after a context. A short context stands at a text's start.

        Raises ValueError when the model is not smoothed and never saw the context: 0/0 is no distribution.
        """
        recent = context[max(0, len(context) - self.n + 1) :]
        last = [prefix[-1] for prefix in self.counts.prefixes(recent, self.n)]
        probs = self.probs(last, torch.arange(self.counts.V))
        if not probs.any():
            raise ValueError(
                f"context={recent!r} was never seen and k=0 leaves nothing to guess by; use k > 0"
            )
        return probs


class AddK(NGram):
    """P(w | h) = (c(hw) + k) / (c(h) + kV). k = 0 is maximum likelihood, k = 1 Laplace's rule.

    Raises ValueError when k is negative.

    >>> model = AddK(NGramCounts(["aab"], n=1), k=1.0)  # V = 3: a, b and UNKNOWN
    >>> model.next_probs().tolist()
    [0.5, 0.3333333333333333, 0.16666666666666666]
    """

    def __init__(self, counts: NGramCounts, n: int | None = None, k: float = 1.0):
        super().__init__(counts, n)
        if k < 0:
            raise ValueError(f"k={k} must not be negative")
        self.k = k
        level = counts.levels[self.n - 1]
        self.count, self.total = level.count, level.per_prefix(level.count)

    def probs(self, prefixes: list[Int[Tensor, "..."]], token: Int[Tensor, "..."]) -> Float[Tensor, "..."]:
        seen = at(self.count, self.counts.number(self.n, prefixes[-1], token))
        total = at(self.total, prefixes[-1]) + self.k * self.counts.V
        return torch.where(total > 0, (seen + self.k) / total, 0.0)


class KneserNey(NGram):
    """Interpolated Kneser-Ney: take a discount D off each count, give what is freed to the shorter context.

    P(w | h) = (max(c(hw) - D, 0) + D T(h) P(w | h')) / c(h), with T(h) the different tokens seen after h and
    h' = h without its first token; an unseen h leaves P(w | h'). Below the top, c(hw) is not the count but
    the number of different tokens before hw. Below the unigrams stands 1/V, so nothing gets 0.

    Raises ValueError unless 0 < discount <= 1.
    Reference: Kneser and Ney 1995; the interpolated form is from Chen and Goodman 1999.

    >>> model = KneserNey(NGramCounts(["aab"], n=1), discount=0.5)  # V = 3: a, b and UNKNOWN
    >>> [round(p, 3) for p in model.next_probs().tolist()]  # (2 - .5)/3 + 1/9, (1 - .5)/3 + 1/9, 1/9
    [0.611, 0.278, 0.111]
    """

    def __init__(self, counts: NGramCounts, n: int | None = None, discount: float = 0.75):
        super().__init__(counts, n)
        if not 0 < discount <= 1:
            raise ValueError(f"discount={discount} must lie above 0 and at most at 1")
        self.discount, self.orders = discount, []
        for k, level in enumerate(counts.levels[: self.n], start=1):
            count = level.count if k == self.n else level.continuation
            self.orders.append((count, level.per_prefix(count), level.per_prefix(count > 0)))

    def probs(self, prefixes: list[Int[Tensor, "..."]], token: Int[Tensor, "..."]) -> Float[Tensor, "..."]:
        p = torch.tensor(1 / self.counts.V, dtype=torch.float64)
        for k, (prefix, (count, total, types)) in enumerate(zip(prefixes, self.orders, strict=True), start=1):
            kept = (at(count, self.counts.number(k, prefix, token)) - self.discount).clamp(min=0)
            seen, freed = at(total, prefix), self.discount * at(types, prefix)
            p = torch.where(seen > 0, (kept + freed * p) / seen.clamp(min=1), p)
        return p


def perplexity(model: NGram, texts: Iterable[Sequence[Hashable]]) -> float:
    """Return exp of the mean negative log probability of a token, over all tokens of all texts.

    Raises ValueError when texts is one single string or holds no token.
    """
    log_probs = torch.cat([model.log_probs(text) for text in as_texts(texts)])
    return math.exp(-log_probs.mean())


def sample(model: NGram, length: int, generator: torch.Generator, context: Sequence[Hashable] = ()) -> list:
    """Return `length` tokens drawn one after the other, each from the model's distribution given those before."""
    text = list(context)
    for u in torch.rand(length, generator=generator, dtype=torch.float64):
        up_to = model.next_probs(text[-model.n :]).cumsum(0)
        text.append(model.counts.tokens[int(torch.searchsorted(up_to, u * up_to[-1], right=True))])
    return text[len(context) :]
