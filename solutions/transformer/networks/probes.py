"""What the exercise networks asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn, gradients, with_parts

from check import probe


def network(lib, rng, activation, bias=True):
    """Return a network from 5 to 7 features and back, with drawn parameters; without an activation, SwiGLU."""
    if activation:
        return drawn(rng, with_parts(lib.layers.FeedForward(5, 7, activation, bias), "up", "down"))
    return drawn(rng, with_parts(lib.layers.SwiGLU(5, 7, bias), "gate", "up", "down"))


@probe(exercise="networks", points=2)
def feed_forward(lib, rng):
    """FeedForward: up, the activation that was asked for, down; with and without biases."""
    return {
        "relu": network(lib, rng, "relu")(rng.normal(2, 3, 5)),
        "relu, no biases": network(lib, rng, "relu", bias=False)(rng.normal(1, 4, 5)),
        # In float64, where the two forms of GELU are far apart.
        "gelu_tanh": network(lib, rng, "gelu_tanh").double()(rng.normal(2, 5, dtype=torch.float64)),
    }


@probe(exercise="networks", points=2)
def swiglu(lib, rng):
    """SwiGLU: SiLU of the gate, times up, then down; with and without biases."""
    return {
        "biases": network(lib, rng, None)(rng.normal(2, 3, 5)),
        "no biases": network(lib, rng, None, bias=False)(rng.normal(4, 5)),
    }


@probe(exercise="networks", points=1)
def exact_gelu(lib, rng):
    """The activation "gelu" is the exact one; the formula with tanh, which is near it, has a name of its own."""
    return network(lib, rng, "gelu").double()(2 + rng.normal(6, 5, dtype=torch.float64))


@probe(exercise="networks", points=1)
def network_gradients(lib, rng):
    """The gradients by the features and by all parameters."""
    results = {}
    for name, activation in {"FeedForward": "relu", "SwiGLU": None}.items():
        layer, x = network(lib, rng, activation), rng.normal(2, 3, 5).requires_grad_()
        if activation:
            layer.down.bias.data -= 4  # so that it shows if what comes out is bent again
        results[name] = gradients(rng, layer(x), {"x": x, **dict(layer.named_parameters())})
    return results
