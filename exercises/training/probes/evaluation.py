"""What the exercise evaluation asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Tiny, batch, flat, number
from torch import nn

from check import probe


class Watched(Tiny):
    """Keeps whether a graph was being built while it was asked."""

    def __init__(self, rng):
        super().__init__(rng)
        self.building = []

    def forward(self, x):
        """Return the logits."""
        self.building.append(torch.is_grad_enabled())
        return super().forward(x)


@probe(exercise="evaluation", points=2)
def mean_loss(lib, rng):
    """The mean loss of all batches, which are of one size here."""
    model, batches = Tiny(rng), [batch(rng, 2, 5) for _ in range(4)]
    return {
        "one batch": number(lib.training.evaluate(model, batches[:1])),
        "four batches": number(lib.training.evaluate(model, batches)),
        "in the other order": number(lib.training.evaluate(model, batches[::-1])),
        "two": number(lib.training.evaluate(model, batches[1:3])),
    }


@probe(exercise="evaluation", points=1)
def tokens_weigh_the_same(lib, rng):
    """Each target that counts weighs the same, however many its batch has."""
    model = Tiny(rng)
    padded = [batch(rng, 2, 6, counting) for counting in (1, 11, 3)]
    with torch.no_grad():
        model.head.bias[0] += 30  # The batch with many targets has token 0 alone, which costs nothing.
    for _, y in padded:
        y[y == 0] = 1
    padded[1][1].clamp_(max=0)
    last_is_short = [batch(rng, 4, 5), batch(rng, 4, 5), batch(rng, 1, 2)]
    return [number(lib.training.evaluate(model, batches)) for batches in (padded, last_is_short)]


@probe(exercise="evaluation", points=1)
def no_dropout(lib, rng):
    """Dropout is off, also in a model that is being trained."""
    model = Tiny(rng, dropout=0.6)
    return [
        number(lib.training.evaluate(model, [batch(rng, 6, 4)]))  # of two, the last may cost what both do
        for model.training in (True, True, False)
        if model.train(model.training)
    ]


@probe(exercise="evaluation", points=1)
def modes(lib, rng):
    """Each module has its own mode again, one that was frozen in a model that trains, and the reverse."""
    results = {}
    for case in ("all train", "none trains", "one is frozen", "one alone trains"):
        shown = rng.normal(2, 4)
        model = nn.Sequential(Tiny(rng, dropout=0.1))
        model.train(case in ("all train", "one is frozen"))
        if case.startswith("one"):
            model[0].dropout.train(case == "one alone trains")
        lib.training.evaluate(model, [batch(rng, 1, 3)])
        flags = [module.training for module in (model, model[0], model[0].dropout, model[0].head)]
        results[case] = torch.stack([shown[int(flag), i] for i, flag in enumerate(flags)])
    return results


@probe(exercise="evaluation", points=1)
def no_graph(lib, rng):
    """No graph is built, the loss is a float, which cannot hold one, and gradients that wait for a step stay as they are."""
    model, shown = Watched(rng), rng.normal(4)
    for p in model.parameters():
        p.grad = rng.normal(*p.shape, dtype=torch.float64)
    loss = lib.training.evaluate(model, [batch(rng, 1, 3) for _ in range(3)])
    waiting = flat(torch.zeros_like(p) if p.grad is None else p.grad for p in model.parameters())
    return {
        "building a graph": shown[[int(flag) for flag in model.building]],
        "a float": shown[2 + int(isinstance(loss, float))],
        "gradients": waiting,
    }
