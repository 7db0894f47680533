"""Inputs that the probes of this assignment share.

Letters are drawn, and how often each word occurs, so that no pair is as frequent as another but where ties are asked.
Words are joined by a digit, which is a piece of its own without a pair.
"""

import torch

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
    """Return pairs as a tensor with a row for each."""
    return torch.tensor([list(pair) for pair in found], dtype=torch.long).reshape(-1, 2)


def counts_of(found):
    """Return a dict of counts as two values that ask for no order, without what counts 0."""
    left = sorted((key, count) for key, count in dict(found).items() if count)
    return {"what": "|".join(str(key) for key, _ in left), "times": ids_of(count for _, count in left)}


def merges_or(other, train, *args):
    """Return the merges that a training finds, and the number other in their place where it ends in an error."""
    try:
        return pairs_of(train(*args))
    except NotImplementedError:
        raise
    except Exception:
        return pairs_of([(other, other)])
