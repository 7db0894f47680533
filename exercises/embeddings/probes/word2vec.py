"""What the exercise word2vec asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import in_random_order, pairs_of, with_gradients

from check import probe

DTYPES = (torch.float64, torch.float16, torch.bfloat16)


@probe(exercise="word2vec", points=1)
def single(lib, rng):
    """One pair, one negative, or both."""
    sizes = {"B=1, M=1": (1, 1, 4), "B=1, M=3": (1, 3, 5), "B=4, M=1": (4, 1, 3)}
    return {
        name: lib.embeddings.negative_sampling_loss(*pairs_of(rng, *size)) for name, size in sizes.items()
    }


@probe(exercise="word2vec", points=3)
def batches(lib, rng):
    """The sum over a pair's own negatives, and the mean over the pairs."""
    sizes = {"B=3, M=5, D=4": (3, 5, 4), "B=4, M=2, D=3": (4, 2, 3), "B=2, M=4, D=6": (2, 4, 6)}
    return {
        name: lib.embeddings.negative_sampling_loss(*pairs_of(rng, *size)) for name, size in sizes.items()
    }


@probe(exercise="word2vec", points=2)
def pair_gradients(lib, rng):
    """The gradients by centres, contexts and negatives: all three are learnt."""
    given = pairs_of(rng, 3, 5, 4)
    return with_gradients(lib.embeddings.negative_sampling_loss(*given), *given)


@probe(exercise="word2vec", points=1)
def far_dots(lib, rng):
    """Dot products of ±10,000: loss and gradients are finite and right."""
    signs = torch.tensor(in_random_order(rng, [(x, y) for x in (1.0, -1.0) for y in (1.0, -1.0)]))
    centre, context, negatives = torch.zeros(4, 2), rng.uniform(4, 2), rng.uniform(4, 2, 2) / 100
    centre[:, 0] = 100.0
    context[:, 0] += 100 * signs[:, 0]
    negatives[:, 1, 0] += 100 * signs[:, 1]
    given = [x.requires_grad_() for x in (centre, context, negatives)]
    return with_gradients(lib.embeddings.negative_sampling_loss(*given), *given)


@probe(exercise="word2vec", points=1)
def pair_precision(lib, rng):
    """Half precision is computed in float32, and a float32 is returned; float64 stays float64."""
    found = {}
    for dtype in DTYPES:
        loss = lib.embeddings.negative_sampling_loss(*(x.to(dtype) for x in pairs_of(rng, 3, 4, 6)))
        found[str(dtype)] = {"loss": loss, "dtype": str(loss.dtype)}
    return found
