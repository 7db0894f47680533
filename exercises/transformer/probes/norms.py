"""What the exercise norms asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, drawn, gradients, with_parts

from check import probe


def norm(lib, rng, kind, D, **options):
    """Return a norm with drawn parameters."""
    if kind == "LayerNorm":
        return drawn(rng, with_parts(lib.layers.LayerNorm(D, **options), "weight", "bias"))
    return drawn(rng, with_parts(lib.layers.RMSNorm(D, **options), "weight"))


def far_from_zero(rng, *shape):
    """Return token vectors whose mean and variance are neither 0 nor 1, and differ from token to token.

    No two features of a token are closer than half its scale.
    """
    tokens = torch.Size(shape[:-1]).numel()
    features = torch.stack([rng.permutation(shape[-1]) for _ in range(tokens)]).view(shape)
    return (
        (1 + 2 * rng.uniform(*shape[:-1], 1)) * (features + rng.uniform(*shape) / 2)
        + 1
        + rng.uniform(*shape[:-1], 1)
    )


@probe(exercise="norms", points=3)
def layer_norm(lib, rng):
    """LayerNorm: each token's features with mean 0 and variance 1, then times the weight, plus the bias."""
    return {
        str(shape): norm(lib, rng, "LayerNorm", shape[-1], eps=0.0)(far_from_zero(rng, *shape))
        for shape in ((2, 5, 6), (4, 3), (1, 1, 8))
    }


@probe(exercise="norms", points=2)
def rms_norm(lib, rng):
    """RMSNorm: each token's features divided by their root mean square, then times the weight."""
    return {
        str(shape): norm(lib, rng, "RMSNorm", shape[-1], eps=0.0)(far_from_zero(rng, *shape))
        for shape in ((2, 5, 6), (4, 3), (1, 1, 8))
    }


@probe(exercise="norms", points=1)
def small_features(lib, rng):
    """Where features are as small as eps, it counts: it is added to the mean of squares, inside the root."""
    results = {}
    for kind in ("LayerNorm", "RMSNorm"):
        eps = 3 * 10.0 ** -rng.integer(4, 7)  # No power of ten, which one may have by oneself.
        x = eps**0.5 * far_from_zero(rng, 3, 6) / 4
        results[kind] = norm(lib, rng, kind, 6, eps=eps)(x)
    return results


@probe(exercise="norms", points=1)
def dtypes(lib, rng):
    """Half precision is computed in float32, float64 in float64, and the result has the dtype of x."""
    results = {}
    for kind in ("LayerNorm", "RMSNorm"):
        dtypes = []
        for dtype in (torch.float64, *HALF):
            layer = norm(lib, rng, kind, 8, eps=0.0).to(dtype)
            signs = torch.tensor([1.0, -1.0]).repeat(4)[rng.permutation(8)]
            x = (300 + 100 * rng.uniform(2, 8, dtype=torch.float64)) * signs
            if dtype is torch.float64:
                x = 1e25 * x  # Its square is inf in float32.
            found = layer(x.to(dtype))
            results[f"{kind}.{dtype}".replace("torch.", "")] = found
            dtypes.append(str(found.dtype))
        results[f"{kind}, dtypes"] = " ".join(dtypes)
    return results


@probe(exercise="norms", points=1)
def norm_gradients(lib, rng):
    """The gradients by the features, the weight and the bias."""
    results = {}
    for kind in ("LayerNorm", "RMSNorm"):
        layer, x = norm(lib, rng, kind, 5, eps=0.0), far_from_zero(rng, 2, 3, 5).requires_grad_()
        results[kind] = gradients(rng, layer(x), {"x": x, **dict(layer.named_parameters())})
    return results
