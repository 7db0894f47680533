"""What the exercise accumulate asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between, in_random_order, number, signed
from torch import nn

from check import probe

IGNORED, V, D = -100, 5, 3


def drawn(rng, counts):
    """Return a model, and a micro-batch for each count, which says how many of its 8 targets count.

    The loss of a target that counts is about 1 in the first micro-batch, and twice as large in each after it.
    """
    model = nn.Linear(D, V)
    for p in model.parameters():
        p.data = rng.normal(*p.shape) / 4
    batches = []
    for place, count in enumerate(counts):
        x, targets = (1 + place) * signed(rng, 2, 4, D), rng.integers(0, V, 2, 4)
        targets.view(-1)[rng.permutation(8)[count:]] = IGNORED
        batches.append((x, targets))
    return model, batches


def found(model):
    """Return the gradients; zeros where there is none."""
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in model.parameters()]


@probe(exercise="accumulate", points=3)
def alike(lib, rng):
    """Micro-batches with equally many targets give the gradients of the large batch; a single one does, too."""
    results = {}
    for name, counts in {"three": [6, 6, 6], "one": [5]}.items():
        model, batches = drawn(rng, counts)
        lib.optim.accumulate(model, batches)
        results[name] = found(model)
    return results


@probe(exercise="accumulate", points=1)
def unequal(lib, rng):
    """Each target counts the same, whoever stands with it in a micro-batch."""
    model, batches = drawn(rng, in_random_order(rng, [2, 8, 5]))
    lib.optim.accumulate(model, batches)
    return found(model)


@probe(exercise="accumulate", points=1)
def mean_loss(lib, rng):
    """What comes back is the mean loss of all targets."""
    return [number(lib.optim.accumulate(*drawn(rng, in_random_order(rng, [2, 8, 5])))) for _ in range(2)]


@probe(exercise="accumulate", points=1)
def none_that_counts(lib, rng):
    """A micro-batch without a target that counts adds nothing, and no NaN."""
    model, batches = drawn(rng, in_random_order(rng, [4, 0, 7]))
    loss = number(lib.optim.accumulate(model, batches))
    # NaN alone would say little, so there is a drawn number beside it; which number the loss is, another probe asks.
    gradients = torch.cat([gradient.flatten() for gradient in found(model)])
    return torch.cat([rng.uniform(1), gradients + 0 * loss])


@probe(exercise="accumulate", points=1)
def added(lib, rng):
    """What stands in .grad already is added to."""
    model, batches = drawn(rng, [6, 6])
    for p in model.parameters():
        p.grad = signed(rng, *p.shape)
    lib.optim.accumulate(model, batches)
    return found(model)


class Counting(nn.Module):
    """Knows how many inputs at most have gone forward and not yet backward: so many activations are in memory."""

    def __init__(self, model):
        super().__init__()
        self.model, self.waiting, self.most = model, 0, 0

    def forward(self, x):
        out = self.model(x)
        if out.requires_grad:
            self.waiting += len(x)
            self.most = max(self.most, self.waiting)
            out.register_hook(lambda gradient: self.done(len(x)))
        return out

    def done(self, count):
        self.waiting -= count


@probe(exercise="accumulate", points=1)
def one_at_a_time(lib, rng):
    """One micro-batch's activations at a time are in memory: each goes backward before the next goes forward."""
    model, batches = drawn(rng, [6, 6, 6, 6])
    counting = Counting(model)
    lib.optim.accumulate(counting, batches)
    return counting.most * between(rng, 1, 2)
