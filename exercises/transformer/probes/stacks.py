"""What the exercise stacks asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Mixing, drawn, gradients, model_config, random_mask, texts, with_parts
from torch import nn

from check import probe


def embedding(lib, rng, positions):
    """Return a TokenEmbedding of 7 tokens with drawn parameters."""
    return drawn(rng, lib.stacks.TokenEmbedding(model_config(lib, positions=positions), 7))


def stack(lib, rng, kind, **choices):
    """Return an Encoder or a Decoder of three simple blocks, and torch's own norm where it has one."""
    made = getattr(lib.stacks, kind)(model_config(lib, D=4, layers=1, **choices))
    made.blocks = nn.ModuleList(Mixing(4, context=kind == "Decoder") for _ in range(3))
    if not isinstance(made.norm, nn.Identity):
        made.norm = nn.LayerNorm(4)
    return drawn(rng, with_parts(made, "blocks", "norm"))


@probe(exercise="stacks", points=2)
def learned_places(lib, rng):
    """Each token's row, plus the learned vector of its position, which counts from 0; or no position at all."""
    learned = embedding(lib, rng, "learned")
    return {
        "learned": learned(texts(rng, 2, 5)),
        "learned, one token": learned(texts(rng, 3, 1)),
        "none": embedding(lib, rng, "none")(texts(rng, 2, 3)),
    }


@probe(exercise="stacks", points=1)
def sinusoids(lib, rng):
    """Each token's row times √D, plus the sinusoids of its position."""
    return embedding(lib, rng, "sinusoidal")(texts(rng, 2, 5))


@probe(exercise="stacks", points=2)
def encoder_stack(lib, rng):
    """Encoder: each block reads what the one before it returned; after the last one the norm, once."""
    return {
        f"norm_first={first}": stack(lib, rng, "Encoder", norm_first=first)(rng.normal(2, 3, 4))
        for first in (True, False)
    }


@probe(exercise="stacks", points=1)
def decoder_stack(lib, rng):
    """Decoder: the same, and every block reads the same context."""
    return {
        f"norm_first={first}": stack(lib, rng, "Decoder", norm_first=first)(
            rng.normal(2, 3, 4), rng.normal(2, 5, 4)
        )
        for first in (True, False)
    }


@probe(exercise="stacks", points=1)
def stack_masks(lib, rng):
    """Masks and positions reach every block."""
    x, context = rng.normal(2, 4, 4), rng.normal(2, 5, 4)
    positions = torch.stack([rng.permutation(4) for _ in range(2)])
    encoder, decoder = stack(lib, rng, "Encoder"), stack(lib, rng, "Decoder")
    return {
        "Encoder, mask": encoder(x, random_mask(rng, 4, 4)),
        "Encoder, positions": encoder(x, positions=positions),
        "Decoder": decoder(x, context, random_mask(rng, 4, 4), random_mask(rng, 2, 1, 1, 5)),
    }


@probe(exercise="stacks", points=1)
def stack_gradients(lib, rng):
    """The gradients by the tokens' rows, the vectors, the context and the parameters of all blocks."""
    embed = embedding(lib, rng, "learned")
    made, x, context = stack(lib, rng, "Decoder"), rng.normal(1, 3, 4), rng.normal(1, 2, 4)
    inputs = {"x": x.requires_grad_(), "context": context.requires_grad_()}
    return {
        "TokenEmbedding": gradients(rng, embed(texts(rng, 2, 5)), dict(embed.named_parameters())),
        "Decoder": gradients(rng, made(x, context), {**inputs, **dict(made.named_parameters())}),
    }
