"""What the exercise resume asks. A probe knows no answer: it returns what it got.

No loop of the library runs here: the probe takes the steps, so that only capture and restore matter.
"""

import io

import torch
from inputs import Tiny, batch, flat
from torch.nn.functional import cross_entropy

from check import probe


def adam(model):
    """Return an optimiser with a memory."""
    return torch.optim.AdamW(model.parameters(), lr=0.1, betas=(0.8, 0.9), weight_decay=0.1)


def take_steps(model, optimizer, batches):
    """Take a step on each batch; return the losses."""
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses).float()


def ends_of_steps(model, optimizer, batches):
    """Take a step on each batch; return the losses and then all weights in one row, so that no two runs agree by chance."""
    return torch.cat([take_steps(model, optimizer, batches), flat(model.parameters())])


def begun(rng, dropout=0.0, steps=2):
    """Return a model and its optimiser after some steps."""
    model = Tiny(rng, dropout)
    optimizer = adam(model)
    take_steps(model, optimizer, [batch(rng, 2, 4) for _ in range(steps)])
    return model, optimizer


def counted(step):
    """Return a step that is a number, which a tensor may be, or else a text."""
    return int(step) if isinstance(step, int | torch.Tensor) else "no number"


def others(rng, dropout=0.0):
    """Return another model of the same kind and its optimiser, as they are after a start from nothing."""
    model = Tiny(rng, dropout)
    return model, adam(model)


@probe(exercise="resume", points=2)
def weights(lib, rng):
    """A model with other weights has the captured ones after restore."""
    state = lib.checkpoint.capture(*begun(rng), rng.integer(1, 100))
    model, optimizer = others(rng)
    lib.checkpoint.restore(state, model, optimizer)
    return flat(model.parameters())


@probe(exercise="resume", points=2)
def goes_on(lib, rng):
    """Another model and optimiser go on as these would have."""
    state = lib.checkpoint.capture(*begun(rng), rng.integer(1, 100))
    model, optimizer = others(rng)
    lib.checkpoint.restore(state, model, optimizer)
    return ends_of_steps(model, optimizer, [batch(rng, 2, 4) for _ in range(2)])


@probe(exercise="resume", points=1)
def step_number(lib, rng):
    """restore returns the step; what else was handed to capture is in the state under its name."""
    step, best, name = rng.integer(1, 1000), rng.normal(1).item(), "abcdefgh"[rng.integer(0, 8)]
    state = lib.checkpoint.capture(*begun(rng), step, best=best, name=name)
    restored = counted(lib.checkpoint.restore(state, *others(rng)))
    return {"step": restored, "best": state["best"], "name": state["name"]}


@probe(exercise="resume", points=1)
def random_state(lib, rng):
    """Dropout goes on with the numbers that it would have drawn."""
    model, optimizer = begun(rng, dropout=0.5)
    torch.rand(rng.integer(1, 9))
    state = lib.checkpoint.capture(model, optimizer, 4)
    torch.rand(rng.integer(1, 9))
    model, optimizer = others(rng, dropout=0.5)
    lib.checkpoint.restore(state, model, optimizer)
    # No step is taken here, so that what the optimiser remembers, which another probe asks, does not matter.
    logits = torch.stack([model(batch(rng, 2, 4)[0]).detach() for _ in range(2)])
    return {"logits": logits.float(), "drawn afterwards": torch.rand(3)}


@probe(exercise="resume", points=1)
def copies(lib, rng):
    """Training on, after capture or after restore, does not change what was captured: it can be restored again."""
    model, optimizer = begun(rng)
    state = lib.checkpoint.capture(model, optimizer, 4)
    batches = [batch(rng, 2, 4)]
    results = {"after capture": ends_of_steps(model, optimizer, batches)}
    for case in ("restored", "restored again"):
        model, optimizer = others(rng)
        lib.checkpoint.restore(state, model, optimizer)
        results[case] = ends_of_steps(model, optimizer, batches)
    return results


@probe(exercise="resume", points=1)
def through_a_file(lib, rng):
    """The state goes through torch.save and torch.load with weights_only=True, so it holds tensors, numbers and texts."""
    file = io.BytesIO()
    torch.save(lib.checkpoint.capture(*begun(rng), rng.integer(1, 100)), file)
    file.seek(0)
    model, optimizer = others(rng)
    step = lib.checkpoint.restore(torch.load(file, weights_only=True), model, optimizer)
    return {
        "step": counted(step),
        "ends": ends_of_steps(model, optimizer, [batch(rng, 2, 4) for _ in range(2)]),
    }
