"""What the exercise step asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Spy, Tiny, batch, flat, in_random_order, number

from check import probe


class Overflowing(Tiny):
    """Its bias gets a gradient of inf as soon as `overflows` is set; the loss shows nothing of it."""

    def __init__(self, rng):
        super().__init__(rng)
        self.overflows = False
        self.head.bias.register_hook(lambda g: torch.full_like(g, torch.inf) if self.overflows else None)


class Typed(Tiny):
    """In float32; keeps the dtype of what its linear layer gives."""

    def __init__(self, rng):
        super().__init__(rng)
        self.float()
        self.seen = []

    def forward(self, x):
        """Return the logits."""
        logits = super().forward(x)
        self.seen.append(str(logits.dtype))
        return logits


def steep(rng, model):
    """Make a model so sure of token 0, which is no target, that each of two parts of the gradient is longer than ½."""
    with torch.no_grad():
        model.head.bias[0] += 60
    micro_batches = [batch(rng, 2, 4) for _ in range(2)]
    return [(x, y.clamp(min=1)) for x, y in micro_batches]


@probe(exercise="step", points=2)
def one_batch(lib, rng):
    """One micro-batch: the optimiser steps once, with the gradient of the mean loss."""
    model = Tiny(rng)
    spy = Spy(model.parameters())
    lib.training.train_step(model, [batch(rng, 2, 5)], spy)
    return {"gradient": spy.given(), "parameters": flat(model.parameters())}


@probe(exercise="step", points=2)
def nothing_left_over(lib, rng):
    """A gradient that is left from before, of a step or of anything else, does not count."""
    model = Tiny(rng)
    spy = Spy(model.parameters())
    for p in model.parameters():
        p.grad = rng.normal(*p.shape, dtype=torch.float64)
    for _ in range(2):
        lib.training.train_step(model, [batch(rng, 2, 4)], spy)
    return spy.given()


@probe(exercise="step", points=2)
def accumulated(lib, rng):
    """Several micro-batches, each of the same size, are one large batch, and one step."""
    model = Tiny(rng)
    spy = Spy(model.parameters())
    lib.training.train_step(model, [batch(rng, 2, 4) for _ in range(3)], spy)
    return spy.given()


@probe(exercise="step", points=1)
def tokens_count(lib, rng):
    """Each target that counts weighs the same, whichever micro-batch it stands in."""
    model = Tiny(rng)
    spy, counts = Spy(model.parameters()), in_random_order(rng, [9, 1, 4])
    lib.training.train_step(model, [batch(rng, 2, 5, n) for n in counts], spy)
    return spy.given()


@probe(exercise="step", points=1)
def clipped(lib, rng):
    """The gradient of the whole step is clipped, once, after all micro-batches; a short one stays as it is."""
    results = {}
    for case, clip in {"long": 0.2 + 0.2 * rng.uniform(1).item(), "short": 100.0, "None": None}.items():
        model = Tiny(rng)
        micro_batches, spy = steep(rng, model), Spy(model.parameters())
        lib.training.train_step(model, micro_batches, spy, clip=clip)
        results[case] = spy.given()
    return results


@probe(exercise="step", points=1)
def reported(lib, rng):
    """The step says its loss, the mean over all targets, without a graph, and the gradient's length before clipping."""
    model, shown = Tiny(rng), rng.normal(2)
    (x0, y0), (x1, y1) = steep(rng, model)
    with torch.no_grad():
        model.head.bias[1] -= 30  # The last micro-batch has token 1 alone, which costs more than the others.
    micro_batches = [(x0, y0.clamp(min=2)), (x1, torch.ones_like(y1))]
    step = lib.training.train_step(model, micro_batches, Spy(model.parameters()), clip=0.2)
    graph = torch.is_tensor(step.loss) and step.loss.requires_grad
    return {"loss": number(step.loss), "norm": number(step.norm), "graph": shown[int(graph)]}


@probe(exercise="step", points=1)
def scaled(lib, rng):
    """With a scaler the optimiser is given the same as without: unscaled, and only then clipped."""
    results = {}
    for clip in (None, 0.2 + 0.2 * rng.uniform(1).item()):
        model = Tiny(rng)
        micro_batches, spy = steep(rng, model), Spy(model.parameters())
        scaler = lib.precision.LossScaler(scale=2.0 ** rng.integer(8, 12))
        lib.training.train_step(model, micro_batches, spy, clip=clip, scaler=scaler)
        results["clipped" if clip else "not clipped"] = spy.given()
    return results


@probe(exercise="step", points=1)
def overflow_is_skipped(lib, rng):
    """Where a scaled gradient is not finite there is no step, the scale shrinks, and the next step is a right one."""
    model = Overflowing(rng)
    spy, scaler = Spy(model.parameters()), lib.precision.LossScaler(scale=2.0 ** rng.integer(8, 12))
    # The last is a right step after a bad one, whose gradients must be gone by then.
    results, bad = {}, [*in_random_order(rng, [True, False, True]), False]
    for turn, model.overflows in enumerate(bad):
        step = lib.training.train_step(model, [batch(rng, 2, 3)], spy, scaler=scaler)
        results[turn] = {
            "skipped": rng.normal(2)[int(bool(step.skipped))],
            "parameters": flat(model.parameters()),
            "scale": float(scaler.scale),
        }
    return results


@probe(exercise="step", points=1)
def mixed_precision(lib, rng):
    """In bfloat16 the model computes in it where autocast does, and weights and gradients stay float32."""
    results = []
    for precision in in_random_order(rng, ["float32", "bfloat16"]):
        model = Typed(rng)
        spy = Spy(model.parameters())
        step = lib.training.train_step(model, [batch(rng, 2, 3)], spy, precision=precision)
        kept = [str(p.dtype) for p in model.parameters()] + spy.dtypes
        loss = torch.tensor(number(step.loss), dtype=torch.bfloat16)
        results.append({"logits": model.seen, "kept": kept, "loss": loss})
    return results
