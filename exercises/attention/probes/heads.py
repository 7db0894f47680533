"""What the exercise heads asks. A probe knows no answer: it returns what it got."""

from inputs import SMALL, drawn_layer, qkv, random_mask

from check import probe


@probe(exercise="heads", points=3)
def self_attention(lib, rng):
    """x reads from itself, with three heads."""
    x = rng.normal(2, 5, 12)
    return drawn_layer(lib, rng, 12, 3)(x)


@probe(exercise="heads", points=2)
def sizes(lib, rng):
    """One head, heads of width 1, one token in a batch of one, no biases."""
    x = rng.normal(2, 5, 6)
    return {
        "one head": drawn_layer(lib, rng, 6, 1)(x[:1]),
        "heads of width 1": drawn_layer(lib, rng, 6, 6)(x[:1]),
        "one token": drawn_layer(lib, rng, 6, 2)(x[:1, :1]),
        "no biases": drawn_layer(lib, rng, 6, 2, bias=False)(x[1:]),
    }


@probe(exercise="heads", points=3)
def cross_attention(lib, rng):
    """With a context, longer or shorter than x, keys and values come from there."""
    layer, x = drawn_layer(lib, rng, 12, 3), rng.normal(1, 5, 12)
    return {"longer": layer(x, rng.normal(1, 7, 12)), "shorter": layer(x, rng.normal(1, 2, 12))}


@probe(exercise="heads", points=2)
def layer_mask(lib, rng):
    """The mask reaches every head, with and without a context."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    masks = {"(T, S)": random_mask(rng, 5, 5), "(1, H, T, S)": random_mask(rng, 1, 3, 5, 5)}
    layer = drawn_layer(lib, rng, 12, 3)
    results = {name: layer(x[:1], mask=mask) for name, mask in masks.items()}
    # attend's own answer tells what goes wrong in forward from what goes wrong in attend.
    results["attend"] = lib.attention.attend(*qkv(rng, **SMALL), random_mask(rng, 1, 2, 3, 5))
    return {**results, "context": layer(x[:, :1], context, random_mask(rng, 2, 1, 1, 7))}


@probe(exercise="heads", points=2)
def grouped(lib, rng):
    """Query head h reads from key/value head h // (H // G)."""
    x, context = rng.normal(1, 3, 12), rng.normal(1, 5, 12)
    return {
        "4 heads share 2": drawn_layer(lib, rng, 12, 4, 2)(x),
        "4 heads share 1": drawn_layer(lib, rng, 12, 4, 1)(x, context),
        "6 heads share 2": drawn_layer(lib, rng, 12, 6, 2)(x, context),
    }
