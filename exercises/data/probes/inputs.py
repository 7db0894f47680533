"""Inputs that the probes of this assignment share.

What tells a right program from a wrong one is planted: the copy that is not a neighbour, the band that is equal at
another place, the run of words that is one too short. Words are drawn, so no answer is the same twice.
"""

import torch

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word(rng, length=4):
    """Return a word of drawn small letters."""
    return "".join(LETTERS[i] for i in rng.integers(0, 26, length).tolist())


def different_words(rng, count, first="a"):
    """Return so many different words, such as "bagbag", of ten letters from the first on.

    There are no digits in them, which some drop, and they are long enough that pieces of words are found in them.
    """
    numbers = (2 * f"{i:03}" for i in rng.permutation(1000)[:count].tolist())
    return ["".join(chr(ord(first) + int(digit)) for digit in number) for number in numbers]


def negative_if_wrong(number, right):
    """Return the number where something is right, and -number where it is wrong, whatever stands in its place."""
    return number if right else -number


def in_random_order(rng, items):
    """Return the items in a drawn order."""
    return [items[i] for i in rng.permutation(len(items)).tolist()]


def glued(rng, separators):
    """Return drawn words with these between them, in random order."""
    return word(rng) + "".join(separator + word(rng) for separator in in_random_order(rng, separators))


def listed(groups):
    """Return groups of numbers as one tensor: the members of each and -1 after it."""
    return torch.tensor([int(i) for group in groups for i in [*group, -1]], dtype=torch.int64)


def pairs_in_order(pairs):
    """Return pairs of numbers as a sorted tensor of two columns, each once, and (-1, -1) after them, so that it is not empty."""
    rows = sorted({(int(i), int(j)) for i, j in pairs})
    return torch.tensor([*rows, (-1, -1)], dtype=torch.int64)
