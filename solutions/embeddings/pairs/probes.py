"""What the exercise pairs asks. A probe knows no answer: it returns what it got."""

import torch

from check import NoTensorAbove, probe


def in_little_space(pairs):
    """Return int64 as int16, which all words of these texts fit in."""
    return pairs.short() if pairs.dtype == torch.int64 else pairs


def in_one_order(pairs):
    """Return the pairs sorted, so that the order in which they came does not count."""
    return in_little_space(
        torch.stack(sorted(pairs, key=lambda pair: pair.tolist())) if len(pairs) else pairs
    )


def pairs_of(lib, ids, window):
    """Return the pairs of a text; of a program that draws its windows, one answer that is always wrong."""
    one, other = (repr(lib.embeddings.skipgram_pairs(torch.arange(40), 3)) for _ in range(2))
    return lib.embeddings.skipgram_pairs(ids, window) if one == other else torch.tensor([[-1, -1]])


def places_in(pairs, ids):
    """Return a number for each pair that grows in the order of the places in a text without repeats; None for no pairs."""
    if pairs.ndim != 2 or not torch.isin(pairs, ids).all():
        return None
    places = (pairs.unsqueeze(-1) == ids).long().argmax(dim=-1)
    return places[:, 0] * len(ids) + places[:, 1]


def to_one_wrong_sum(probs):
    """Return probabilities; where their sum is not 1, scaled to the sum 2, so that it is always the same wrong sum."""
    return probs if abs(probs.sum() - 1) < 1e-4 else 2 * probs / probs.sum()


@probe(exercise="pairs", points=2)
def neighbours(lib, rng):
    """Each place with every other that is at most `window` steps away, on both sides; in any order."""
    found = {}
    for N, window in ((7, 1), (6, 2), (8, 3)):
        ids = 10 + rng.permutation(30)[:N]  # no word comes twice
        found[f"N={N}, window={window}"] = in_one_order(pairs_of(lib, ids, window))
    return found


@probe(exercise="pairs", points=1)
def order(lib, rng):
    """Centres from left to right, and for each of them its contexts from left to right."""
    texts = [10 + rng.permutation(20)[:7] for _ in range(3)]
    found = [pairs_of(lib, ids.clone(), window) for window, ids in enumerate(texts, 1)]
    keys = [places_in(*one) for one in zip(found, texts, strict=True)]
    if any(key is None or len(key) < 2 for key in keys) or all((key.diff() >= 0).all() for key in keys):
        return [in_little_space(pairs) for pairs in found]
    # Which other order it is does not count: every one is the same wrong answer.
    return [
        in_little_space(pairs[key.argsort(descending=True)]) for pairs, key in zip(found, keys, strict=True)
    ]


@probe(exercise="pairs", points=1)
def same_words(lib, rng):
    """The same word at two places near each other makes pairs like any other; only a place is not its own context."""
    words = torch.cat([torch.tensor([0]), 1 + rng.permutation(60)[:2]])
    one, other, third = words[rng.permutation(3)].tolist()
    ids = torch.tensor([one, one, other, one, other, other, other, third])
    return [in_one_order(pairs_of(lib, ids, window)) for window in (1, 2, 3)]


@probe(exercise="pairs", points=1)
def short_texts(lib, rng):
    """A window that goes beyond both ends of the text, and a text of one word, which has no pair."""
    ids = 1 + rng.permutation(40)
    found = {f"N={N}, window=4": pairs_of(lib, ids[:N], 4) for N in (2, 3, 5)}
    alone = pairs_of(lib, ids[:1], 2)
    return {name: in_one_order(pairs) for name, pairs in found.items()} | {"N=1": [*alone.shape]}


@probe(exercise="pairs", points=1)
def no_square(lib, rng):
    """No tensor of N · N numbers: here N = 500 and window = 2, and the result has 4,000 numbers."""
    ids = 1 + rng.integers(0, 50, 500)
    with NoTensorAbove(40_000):
        pairs = pairs_of(lib, ids, 2)
    total = pairs.prod(dim=1).sum()
    return torch.stack([total, torch.full_like(total, len(pairs))])


@probe(exercise="pairs", points=1)
def noise(lib, rng):
    """Counts to the power, 0.75 or what the caller says, scaled to the sum 1."""
    counts = 2 + rng.permutation(60)[:5] * rng.integer(1, 9)
    counts[1] = 1  # so that they are in no order of size
    powers = {"default": {}, "power=0.5": {"power": 0.5}, "power=1": {"power": 1.0}}
    found = {name: lib.embeddings.noise_probs(counts, **power) for name, power in powers.items()}
    return {name: to_one_wrong_sum(probs) for name, probs in found.items()}


@probe(exercise="pairs", points=1)
def unseen_words(lib, rng):
    """A word that never occurred is never drawn: its probability is 0, and the others have the sum 1."""
    others = torch.tensor([0, 1, 1, 2, rng.integer(3, 90)])[rng.permutation(5)]
    counts = torch.cat([torch.tensor([rng.integer(3, 90), 0]), others])  # in no order of size
    found = lib.embeddings.noise_probs(counts)
    if (found[counts == 0] > 0).any() and found.min() < found.max():
        return "an unseen word may be drawn"  # How likely it is does not count.
    return to_one_wrong_sum(found)
