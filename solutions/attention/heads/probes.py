"""What the exercise heads asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn_layer, qkv, random_mask

from check import probe


@probe(exercise="heads", points=2)
def self_attention(lib, rng):
    """x reads from itself, with three heads."""
    x = rng.normal(2, 5, 12)
    return drawn_layer(lib, rng, 12, 3)(x)


@probe(exercise="heads", points=1)
def sizes(lib, rng):
    """One head, heads of width 1, one token in a batch of one."""
    x = rng.normal(2, 5, 6)
    return {
        "one head": drawn_layer(lib, rng, 6, 1)(x),
        "heads of width 1": drawn_layer(lib, rng, 6, 6)(x),
        "one token": drawn_layer(lib, rng, 6, 2)(x[:1, :1]),
    }


@probe(exercise="heads", points=1)
def no_bias(lib, rng):
    """bias=False leaves every bias out."""
    x = rng.normal(2, 5, 12)
    return drawn_layer(lib, rng, 12, 3, bias=False)(x)


@probe(exercise="heads", points=2)
def cross_attention(lib, rng):
    """With a context, keys and values come from there."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    return drawn_layer(lib, rng, 12, 3)(x, context)


@probe(exercise="heads", points=2)
def layer_mask(lib, rng):
    """The mask reaches every head; an empty row gives out's bias."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    hidden = random_mask(rng, 2, 1, 5, 7)
    hidden[:, :, rng.integer(0, 5)] = False
    masks = {"(T, S)": random_mask(rng, 5, 5), "(1, H, T, S)": random_mask(rng, 1, 3, 5, 5)}
    layer = drawn_layer(lib, rng, 12, 3)
    results = {f"mask {name}": layer(x, mask=mask) for name, mask in masks.items()}
    # attend's own answer tells what goes wrong in forward from what goes wrong in attend.
    results["attend by itself"] = lib.attention.attend(*qkv(rng), hidden)
    return {**results, "context, one row hidden": layer(x, context, hidden)}


@probe(exercise="heads", points=2)
def grouped(lib, rng):
    """Query head h reads from key/value head h // (H // G)."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    return {
        "4 heads share 2": drawn_layer(lib, rng, 12, 4, 2)(x),
        "4 heads share 1": drawn_layer(lib, rng, 12, 4, 1)(x, context),
        "6 heads share 2": drawn_layer(lib, rng, 12, 6, 2)(x, context),
    }


@probe(exercise="heads", points=1)
def layer_gradients(lib, rng):
    """The gradients of x and of all weights are right."""
    x = rng.normal(2, 5, 12).requires_grad_()
    layer = drawn_layer(lib, rng, 12, 4, 2, bias=False)
    out = layer(x)
    asked = {"x": x, **dict(layer.named_parameters())}
    total = (out * rng.normal(*out.shape) / 8).sum()
    found = torch.autograd.grad(total, list(asked.values()), allow_unused=True)
    return dict(zip(asked, found, strict=True))


@probe(exercise="heads", points=1)
def half_layer(lib, rng):
    """A layer in half precision gives half precision, masked or not."""
    x, mask = rng.normal(2, 5, 12).half() / 4, random_mask(rng, 2, 1, 5, 5)
    layer = drawn_layer(lib, rng, 12, 3).half()
    masked = layer(x, mask=mask)
    return {"plain": layer(x), "masked": masked, "dtype": str(masked.dtype)}
