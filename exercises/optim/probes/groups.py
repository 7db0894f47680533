"""What the exercise groups asks. A probe knows no answer: it returns what it got.

The parameters of a model that is drawn here are known by the number of their entries.
"""

import torch
from inputs import between, in_random_order
from torch import nn

from check import probe, value_or


def drawn_layers(rng):
    """Return layers of several kinds, of drawn sizes and in a drawn order."""
    a, b, c, d = (rng.integer(low, low + 20) for low in (5, 30, 60, 90))
    several = nn.ParameterList([torch.ones(()), torch.ones(d), torch.ones(a, 2, 2, 3)])
    return in_random_order(
        rng, [nn.Linear(a, b), nn.LayerNorm(c), nn.Embedding(b, 7), nn.Conv1d(a, 5, 3), several]
    )


def sizes(parameters):
    """Return the numbers of entries in order."""
    return torch.tensor(sorted(p.numel() for p in parameters))


def all_of(groups):
    return [p for group in groups for p in group["params"]]


def groups_of(lib, rng, model, weight_decay):
    """Return the groups; a group of one drawn size where a program that goes by names or kinds finds one that it lacks.

    That ends in one error or the other, whether it looks each name up or asks at the end if all have been found.
    """
    instead = [{"params": [torch.ones(rng.integer(200, 900))], "weight_decay": None}]
    call = lib.optim.decay_groups
    return value_or(instead, call, model, weight_decay, errors=(AssertionError, KeyError, ValueError))


@probe(exercise="groups", points=2)
def which_decay(lib, rng):
    """What has two axes or more decays: weights and embeddings do, biases, norms and single numbers do not."""
    layers, decay = drawn_layers(rng), between(rng, 0.1, 0.9)
    groups = groups_of(lib, rng, nn.ModuleList(layers), decay)
    decays = [id(p) for p in all_of([group for group in groups if group.get("weight_decay") == decay])]
    everything = [id(p) for p in all_of(groups)]
    found = {"all": sizes(all_of(groups))}
    for layer in layers:
        for name, p in layer.named_parameters():
            times = torch.tensor([decays.count(id(p)), everything.count(id(p))])
            found[f"{type(layer).__name__} {name}"] = times * p.numel()
    return found


@probe(exercise="groups", points=1)
def settings(lib, rng):
    """One group has the weight_decay that was asked for, the other 0: what the optimiser has by itself counts in neither."""
    model, optimisers_own = nn.Linear(rng.integer(2, 9), 11), between(rng, 2, 3)
    found = {"weight": None, "bias": None}
    for group in lib.optim.decay_groups(model, between(rng, 0.1, 0.9)):
        for p in group["params"]:
            found["weight" if p is model.weight else "bias"] = group.get("weight_decay", optimisers_own)
    return {name: "in no group" if decay is None else float(decay) for name, decay in found.items()}


@probe(exercise="groups", points=1)
def frozen(lib, rng):
    """What is frozen stands in no group."""
    layers = drawn_layers(rng)
    for layer in layers:
        layer.requires_grad_(not isinstance(layer, nn.Linear | nn.ParameterList))
    return sizes(all_of(groups_of(lib, rng, nn.ModuleList(layers), 0.1)))


@probe(exercise="groups", points=1)
def tied(lib, rng):
    """A tied weight stands there once."""
    V, D = rng.integer(20, 60), rng.integer(5, 15)
    embed, head = nn.Embedding(V, D), nn.Linear(D, V, bias=False)
    head.weight = embed.weight
    return sizes(all_of(groups_of(lib, rng, nn.Sequential(embed, nn.LayerNorm(D), head), 0.1)))
