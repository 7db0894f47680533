"""What the exercise loop asks. A probe knows no answer: it returns what it got.

Batch i is the same whenever it is asked for. Where the rate is not what is asked about, the optimiser has its own.
"""

import math
import tempfile
from contextlib import suppress

import torch
from inputs import Spy, Table, Tiny, V, batch, flat

from check import probe, raised


class Staircase(Table):
    """Its losses on the held-out batch, which has one token, are these, one after the other."""

    def __init__(self, rng, levels):
        super().__init__(rng)
        self.levels = list(levels)

    def forward(self, x):
        """Return the logits."""
        if x.shape[1] > 1:
            return super().forward(x)
        loss = self.levels.pop(0) if len(self.levels) > 1 else self.levels[0]
        logits = torch.zeros(1, 1, V, dtype=torch.float64)
        logits[..., 0] = math.log(
            (V - 1) / math.expm1(loss)
        )  # so that token 0 has the probability exp(-loss)
        return logits


HELD_OUT = [(torch.zeros(1, 1, dtype=torch.int64), torch.zeros(1, 1, dtype=torch.int64))]


def config(lib, steps, **settings):
    """Return a configuration that clips nothing, unless the settings say otherwise."""
    return lib.training.TrainConfig(**{"steps": steps, "lr": 0.3, "clip": None, **settings})


def drawn(rng, count, B=2, T=4):
    """Return a function that gives batch i of so many drawn ones."""
    return [batch(rng, B, T) for _ in range(count)].__getitem__


@probe(exercise="loop", points=3)
def plain_run(lib, rng):
    """Each step sees its own batch and moves the weights; the history has the losses."""
    model, data = Table(rng), drawn(rng, 3)
    optimizer = Spy(model.parameters(), fixed=0.4)
    history = lib.training.train(model, data, config(lib, steps=3), optimizer=optimizer)
    return {"losses": [record.loss for record in history.records], "parameters": flat(model.parameters())}


@probe(exercise="loop", points=1)
def rates(lib, rng):
    """Step s has the rate of the schedule for step s: warm-up, then a cosine down to a tenth. The record says it."""
    model, peak = Table(rng), 0.01 + 0.1 * rng.uniform(1).item()
    spy = Spy(model.parameters(), fixed=0.1)
    settings = config(lib, 4, lr=peak, warmup=2)
    history = lib.training.train(model, drawn(rng, 4), settings, optimizer=spy)
    return {"given": spy.rates, "recorded": [record.lr for record in history.records]}


@probe(exercise="loop", points=1)
def micro_batches(lib, rng):
    """With accumulation, micro-batch k of step s is data(s · accumulate + k)."""
    model, data = Table(rng), drawn(rng, 6)
    settings, spy = config(lib, 2, accumulate=3), Spy(model.parameters(), fixed=0.4)
    history = lib.training.train(model, data, settings, optimizer=spy)
    return {"losses": [record.loss for record in history.records], "parameters": flat(model.parameters())}


@probe(exercise="loop", points=1)
def records(lib, rng):
    """on_step is called after each step, in order, with its number, loss and counted targets; the history keeps them."""
    model, seen, at = Table(rng), [], []
    batches = [batch(rng, 2, 4, 2 + rng.integer(0, 6)) for _ in range(3)]
    before = flat(model.parameters())

    def on_step(record):
        seen.append([record.step, record.loss, record.tokens])
        at.append((flat(model.parameters()) - before).abs().sum())

    optimizer = Spy(model.parameters(), fixed=0.4)
    history = lib.training.train(model, batches.__getitem__, config(lib, 3), on_step, optimizer=optimizer)
    kept = [[record.step, record.loss, record.tokens] for record in history.records]
    return {"seen": seen, "kept": kept, "how far the weights were": torch.stack(at) if at else "never"}


@probe(exercise="loop", points=1)
def evaluations(lib, rng):
    """Every eval_every steps, and after the last one, the record has the held-out loss; there is none before the first."""
    model, held_out = Table(rng), [batch(rng, 2, 3)]
    settings, spy = config(lib, 3, eval_every=2), Spy(model.parameters(), fixed=0.4)
    history = lib.training.train(model, drawn(rng, 3), settings, held_out=held_out, optimizer=spy)
    found = {record.step: record.held_out for record in history.records if record.held_out is not None}
    return {f"step {step}": loss for step, loss in found.items()} | {"parameters": flat(model.parameters())}


@probe(exercise="loop", points=1)
def learns(lib, rng):
    """Without an optimiser it is AdamW with decay: on one batch, again and again, the loss goes down."""
    model, always = Tiny(rng), batch(rng, 1, 4)
    settings = config(lib, 4, lr=0.1, warmup=2, clip=1e-5, decay=0.05)  # each gradient is far longer
    history = lib.training.train(model, lambda i: always, settings)
    return {"losses": [record.loss for record in history.records], "parameters": flat(model.parameters())}


def falling(rng, count, start=3.0):
    """Return so many levels below start, each at least 0.1 lower than the one before."""
    return (start - torch.arange(count) * 0.2 - 0.1 * rng.uniform(count)).tolist()


def worse(rng, count):
    """Return so many levels that are all higher than the others, though each is lower than the one before."""
    return falling(rng, count, start=5.0)


def with_patience(lib, rng, levels, patience, eval_every=1):
    """Train on a staircase of held-out losses, with a step for each at most; return the history and the model."""
    model, steps = Staircase(rng, levels), len(levels) * eval_every
    settings = config(lib, steps, eval_every=eval_every, patience=patience)
    spy, data = Spy(model.parameters(), fixed=0.4), drawn(rng, steps)
    history = lib.training.train(model, data, settings, held_out=HELD_OUT, optimizer=spy)
    return history, model


@probe(exercise="loop", points=1)
def patience(lib, rng):
    """Training stops when so many evaluations in a row were no better than the best, a tie among them; not before."""
    results = {}
    for case, eval_every in (("some worse", 1), ("ties", 2)):
        (first, better), allowed = falling(rng, 2), 2 if case == "ties" else rng.integer(2, 4)
        if case == "ties":
            levels = [first] * (allowed + 3)
        else:  # too few that are worse, one that is better, then more than enough
            levels = [first, *worse(rng, allowed - 1), better, *worse(rng, allowed + 2)]
        history, _ = with_patience(lib, rng, levels, allowed, eval_every)
        results[case] = {"steps": len(history.records), "best": history.best, "best step": history.best_step}
    return results


@probe(exercise="loop", points=1)
def best_weights(lib, rng):
    """With patience the model ends with its weights at the best evaluation, which the history keeps as copies."""
    levels = [*falling(rng, rng.integer(2, 4)), *worse(rng, 3), 6.0]
    history, model = with_patience(lib, rng, levels, patience=2)
    kept = flat((history.best_weights or {}).values() or [torch.zeros(1)])
    return {"model": flat(model.parameters()), "kept": kept}


@probe(exercise="loop", points=1)
def not_a_number(lib, rng):
    """A loss of inf or NaN is a FloatingPointError, and no step is taken with it."""
    results = []
    for bad in (torch.nan, torch.inf):
        model, data = Tiny(rng), drawn(rng, 3)
        marked = torch.full_like(data(2)[0], V - 1)
        batches = [(marked if i == 2 else data(i)[0].clamp(max=V - 2), data(i)[1]) for i in range(3)]
        with torch.no_grad():
            model.table.weight[V - 1] = bad
        spy = Spy(model.parameters(), fixed=0.4)
        error = raised(lib.training.train, model, batches.__getitem__, config(lib, 3), optimizer=spy)
        results.append({"error": error, "head": flat(model.head.parameters())})
    return results


class Stopped(Exception):
    """What ends a run from outside."""


@probe(exercise="loop", points=1)
def stopped_and_resumed(lib, rng):
    """A run that was stopped goes on from its checkpoint as if it had not: batches, rates, and what patience has seen."""
    data, (best,), higher = drawn(rng, 8), falling(rng, 1), [*worse(rng, 6), 6.0]

    def on_step(record):
        if record.step == 1:
            raise Stopped

    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/run.pt"
        settings = config(lib, 8, eval_every=1, patience=5, checkpoint_every=2, checkpoint=file)
        model = Staircase(rng, [best, *higher])
        spy = Spy(model.parameters(), fixed=2.0)
        with suppress(Stopped):
            lib.training.train(model, data, settings, on_step, held_out=HELD_OUT, optimizer=spy)
        # The checkpoint is that of two steps; after the first of them the held-out loss was at its best.
        model = Staircase(rng, higher[1:])
        spy = Spy(model.parameters(), fixed=2.0)
        history = lib.training.train(model, data, settings, held_out=HELD_OUT, optimizer=spy, resume=file)
    return {
        "steps": [record.step for record in history.records],
        "losses": [record.loss for record in history.records],
        "rates": spy.rates,
        "parameters": flat(model.parameters()),
    }
