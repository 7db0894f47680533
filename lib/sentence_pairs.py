"""What BERT is trained on: pairs of halves that follow each other or do not, with some tokens hidden.

Dimension key: n pairs, L and M tokens of the halves, B batch, T tokens. Masks are boolean, True = may be hidden.
Left out on purpose: sentences (a half is a run of L tokens), whole-word masks, short sequences first.
Reference: Devlin et al. 2019, section 3.1 and appendix A, which draws a false half from the corpus; that it is from
another document, as here, is in the authors' code.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor

from lib.batches import numbered
from lib.characters import Characters
from lib.losses import mask_tokens
from lib.shapes import Bool, Float, Int

SPECIALS = ("[CLS]", "[SEP]", "[PAD]", "[MASK]")
PairBatch = dict[str, Tensor]  # tokens, segments, labels (B, T), is_next and lengths (B,)


class Specials(NamedTuple):
    """The ids of the four special tokens. They stand above those of all characters."""

    cls: int
    sep: int
    pad: int
    mask: int

    @classmethod
    def of(cls, vocabulary: Characters) -> "Specials":
        """Return the ids in a vocabulary that was made with SPECIALS. Raises ValueError for another one."""
        return cls(*map(vocabulary.id_of, SPECIALS))


def sentence_pairs(
    documents: Sequence[Int[Tensor, " _"]], length: int, u: Float[Tensor, "n 3"]
) -> tuple[Int[Tensor, "n L"], Int[Tensor, "n L"], Bool[Tensor, " n"]]:
    """Return first halves, second halves and whether a second really follows its first.

    u are uniform numbers from [0, 1) that the caller draws, a row for each pair.
    A place is where 2 · length tokens of one document begin; all places are equally likely. The first half is that at
    place floor(u[1] · places). Where u[0] < 0.5 the second follows it. Else it is the second half of place
    floor(u[2] · places) among those of all other documents, so that both kinds are drawn from the same runs.

    Raises ValueError for fewer than two documents, one shorter than 2 · length, or no row of u.

    >>> documents, u = [torch.arange(4), torch.arange(10, 15)], torch.tensor([[0.1, 0.5, 0.0], [0.5, 0.0, 0.9]])
    >>> [part.tolist() for part in sentence_pairs(documents, 2, u)]  # places 0 | 10, 11
    [[[10, 11], [0, 1]], [[12, 13], [13, 14]], [True, False]]
    """
    shortest = min(map(len, documents), default=0)
    if len(documents) < 2 or length < 1 or shortest < 2 * length:
        raise ValueError(
            f"{len(documents)} documents, the shortest of {shortest} tokens, give no pairs of length={length}:"
            " there must be at least two, each of at least 2 · length tokens"
        )
    if not len(u):
        raise ValueError("u has no row; it needs one for each pair")
    places = [len(document) - 2 * length + 1 for document in documents]
    edges = [0, *accumulate(places)]  # document d has the places edges[d] to edges[d + 1] - 1
    firsts, seconds = [], []
    for coin, here, there in u.double().tolist():
        d, first = _find(edges, _floor(here, edges[-1]))
        e, second = d, first
        if coin >= 0.5:
            k = _floor(there, edges[-1] - places[d])  # among the others: those after d come `places[d]` later
            e, second = _find(edges, k + places[d] if k >= edges[d] else k)
        firsts.append(documents[d][first : first + length])
        seconds.append(documents[e][second + length : second + 2 * length])
    return torch.stack(firsts).long(), torch.stack(seconds).long(), u[:, 0] < 0.5


def _floor(u: float, n: int) -> int:
    """Return floor(u · n), and n - 1 where a u just below 1 has been rounded up."""
    return min(int(u * n), n - 1)


def _find(edges: Sequence[int], k: int) -> tuple[int, int]:
    """Return the document that has the place k, and where in it that place is."""
    d = bisect_right(edges, k) - 1
    return d, k - edges[d]


def assemble(
    first: Int[Tensor, "B L"], second: Int[Tensor, "B M"], cls: int, sep: int, pad: int, context: int
) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"], Bool[Tensor, "B T"]]:
    """Return [CLS] first [SEP] second [SEP] and padding up to context, segments, and which tokens may be hidden.

    Segment 0 goes to the first [SEP], segment 1 to the second; padding has 0. Specials and padding are not maskable.

    Raises ValueError when all that is longer than context, or a half holds one of the three ids.

    >>> tokens, segments, maskable = assemble(torch.tensor([[1, 2]]), torch.tensor([[3]]), 7, 8, 9, context=7)
    >>> tokens.tolist(), segments.tolist(), maskable.int().tolist()
    ([[7, 1, 2, 8, 3, 8, 9]], [[0, 0, 0, 0, 1, 1, 0]], [[0, 1, 1, 0, 1, 0, 0]])
    """
    L, M = first.shape[1], second.shape[1]
    if context < L + M + 3:
        raise ValueError(
            f"halves of {L} and {M} tokens with three specials are more than context={context} tokens"
        )
    special = torch.tensor([cls, sep, pad], device=first.device)
    for half in (first, second):
        if torch.isin(half, special).any():
            raise ValueError(f"a half holds one of the ids {special.tolist()}, which are special")
    tokens = first.new_full((len(first), context), pad)
    tokens[:, 0], tokens[:, 1 : L + 1], tokens[:, L + 1] = cls, first, sep
    tokens[:, L + 2 : L + M + 2], tokens[:, L + M + 2] = second, sep
    segments = torch.zeros_like(tokens)
    segments[:, L + 2 : L + M + 3] = 1
    return tokens, segments, ~torch.isin(tokens, special)


def bert_batch(
    documents: Sequence[Int[Tensor, " _"]],
    context: int,
    specials: Specials,
    generator: torch.Generator,
    batch: int = 16,
    share: float = 0.15,
) -> PairBatch:
    """Return a batch that is drawn from the generator: tokens with some hidden, segments, labels, is_next, lengths.

    Halves are as long as the context allows; where it is even, one token is padding. A random token is one of the ids
    below those of the specials.

    Raises ValueError as `sentence_pairs` and `assemble` do.
    """
    u = torch.rand(batch, 3, generator=generator, dtype=torch.float64)
    first, second, is_next = sentence_pairs(documents, (context - 3) // 2, u)
    tokens, segments, maskable = assemble(first, second, *specials[:3], context)
    u = torch.rand(3, *tokens.shape, generator=generator)
    read, labels = mask_tokens(tokens, maskable, u, specials.mask, min(specials), share)
    lengths = (tokens != specials.pad).sum(dim=1)
    return {
        "tokens": read,
        "segments": segments,
        "labels": labels,
        "is_next": is_next,
        "lengths": lengths,
    }


def bert_batches_of(
    documents: Sequence[Int[Tensor, " _"]],
    context: int,
    specials: Specials,
    batch: int = 16,
    share: float = 0.15,
    seed: int = 0,
) -> Callable[[int], PairBatch]:
    """Return data(i), the i-th batch, wherever one asks for it and in whatever order.

    Raises ValueError as `bert_batch` does, and at once.
    """
    data = numbered(lambda g: bert_batch(documents, context, specials, g, batch, share), seed)
    data(0)  # refuses now and not in the middle of a run
    return data
