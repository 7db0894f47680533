"""What the exercise blocks asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import block_config, drawn, gradients, random_mask, with_parts, with_torchs_own

from check import probe


def encoder(lib, rng, **choices):
    """Return an EncoderBlock with torch's own norms and network, and drawn parameters."""
    block = lib.blocks.EncoderBlock(block_config(lib, **choices))
    return drawn(rng, with_torchs_own(with_parts(block, "attention", "feed_forward", "norm1", "norm2")))


def decoder(lib, rng, **choices):
    """Return a DecoderBlock with torch's own norms and network, and drawn parameters."""
    block, norms = lib.blocks.DecoderBlock(block_config(lib, **choices)), ("norm1", "norm2", "norm3")
    return drawn(rng, with_torchs_own(with_parts(block, "attention", "cross", "feed_forward", *norms)))


@probe(exercise="blocks", points=3)
def encoder_pre(lib, rng):
    """EncoderBlock with norm_first: each sublayer reads a normalised copy, and its result is added to x."""
    block = encoder(lib, rng)
    return {"(2, 4, 6)": block(rng.normal(2, 4, 6)), "one token": block(rng.normal(1, 1, 6))}


@probe(exercise="blocks", points=2)
def encoder_post(lib, rng):
    """EncoderBlock without norm_first: each sublayer's result is added to x, and the sum is normalised."""
    block = encoder(lib, rng, norm_first=False)
    return {"(2, 4, 6)": block(rng.normal(2, 4, 6)), "one token": block(rng.normal(1, 1, 6))}


@probe(exercise="blocks", points=1)
def encoder_mask(lib, rng):
    """The mask says what a token may read, wherever the norms stand."""
    block, results = encoder(lib, rng), {}
    for first, shape in {True: (5, 5), False: (2, 1, 5, 5)}.items():
        block.norm_first = first
        results[f"norm_first={first}"] = block(rng.normal(2, 5, 6), random_mask(rng, *shape))
    return results


@probe(exercise="blocks", points=1)
def encoder_positions(lib, rng):
    """Positions, where they are given, are those that attention rotates by."""
    far = 3 * torch.stack([rng.permutation(3) for _ in range(2)])
    x, positions = rng.normal(2, 3, 6), {"(T,)": far[0], "(B, T)": far, "none": None}
    block = encoder(lib, rng, H=1, rope_base=100.0)
    return {name: block(x.clone(), positions=given) for name, given in positions.items()}


@probe(exercise="blocks", points=2)
def decoder_pre(lib, rng):
    """DecoderBlock with norm_first: itself, the context as it comes, the network; three norms in this order."""
    block = decoder(lib, rng)
    return {
        "context longer": block(rng.normal(2, 3, 6), rng.normal(2, 5, 6)),
        "context shorter": block(rng.normal(1, 4, 6), rng.normal(1, 2, 6)),
    }


@probe(exercise="blocks", points=1)
def decoder_post(lib, rng):
    """DecoderBlock without norm_first: the same three, with the norms after the sums."""
    return decoder(lib, rng, norm_first=False)(rng.normal(2, 3, 6), rng.normal(2, 5, 6))


@probe(exercise="blocks", points=1)
def decoder_masks(lib, rng):
    """One mask says what x may read of x, the other what it may read of the context."""
    block, results = decoder(lib, rng), {}
    for first in (True, False):
        block.norm_first = first
        masks = random_mask(rng, 5, 5), random_mask(rng, 2, 1, 1, 5)
        results[f"norm_first={first}"] = block(rng.normal(2, 5, 6), rng.normal(2, 5, 6), *masks)
    return results


@probe(exercise="blocks", points=1)
def block_gradients(lib, rng):
    """The gradients by the tokens, the context and all parameters."""
    block, x = decoder(lib, rng), rng.normal(1, 3, 6).requires_grad_()
    context = rng.normal(1, 4, 6).requires_grad_()
    one, other = encoder(lib, rng, norm_first=False), rng.normal(1, 3, 6).requires_grad_()
    return {
        "DecoderBlock": gradients(
            rng, block(x, context), {"x": x, "context": context, **dict(block.named_parameters())}
        ),
        "EncoderBlock": gradients(rng, one(other), {"x": other, **dict(one.named_parameters())}),
    }
