"""Inputs that the probes of this assignment share.

Letters are drawn, and how often each word occurs, so that no pair is as frequent as another but where ties are asked.
Words are joined by a digit, which is a piece of its own without a pair.
"""

from operator import index

import torch

from check import value_or

SMALL = "abcdefghijklmnopqrstuvwxyz"


def shuffled(rng, items):
    """Return the items in random order."""
    return [items[i] for i in rng.permutation(len(items)).tolist()]


def letters(rng, n):
    """Return n different small letters."""
    return shuffled(rng, SMALL)[:n]


def joined(rng, words):
    """Return the words of {word: times} in random order, with digits between them."""
    each = [word for word, times in words.items() for _ in range(times)]
    return str(rng.integer(0, 10)).join(shuffled(rng, each))


def ids_of(found):
    """Return ids as a tensor."""
    return torch.tensor(list(found), dtype=torch.long)


def pairs_of(found):
    """Return pairs as a tensor with a row for each. Raises TypeError for what is no number, such as bytes."""
    return torch.tensor([[index(id) for id in pair] for pair in found], dtype=torch.long).reshape(-1, 2)


def counts_of(found, name=str):
    """Return a dict of counts as two values that ask for no order, without what counts 0."""
    left = sorted((key, count) for key, count in dict(found).items() if count)
    return {"what": "|".join(name(key) for key, _ in left), "times": ids_of(count for _, count in left)}


def ids_or(other, find, *args):
    """Return the ids that a function finds, and the number other in their place where it ends in an error."""
    return value_or(ids_of([other]), lambda: ids_of(find(*args)))


def merges_or(other, train, text, vocab_size):
    """Return the merges that a training finds, and the number other in place of what comes of not ending early.

    That is an error, or so many merges as there is room for.
    """
    merges = value_or(pairs_of([(other, other)]), lambda: pairs_of(train(text, vocab_size)))
    return merges if len(merges) < vocab_size - 256 else pairs_of([*merges[:2].tolist(), (other, other)])
