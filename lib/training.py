"""A training loop that keeps its promises: the batch is right, a step is the step of the whole batch, evaluation changes
nothing, a stopped run goes on as if it had not stopped, and nothing that is NaN reaches the weights.

Dimension key: N tokens of a text, B batch, T tokens of a window. Left out on purpose: several GPUs, loader processes, dropout
schedules, averaged weights.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lib.batches import Batch, check_held_out, check_some, count_targets, numbered, summed_loss
from lib.batches import windows_of as windows_of
from lib.devices import device_of as device_of
from lib.devices import where
from lib.gradients import clip_gradients, step_if
from lib.logs import csv_log as csv_log
from lib.logs import progress as progress
from lib.logs import tensorboard_log as tensorboard_log
from lib.logs import together as together
from lib.optim import cosine_with_warmup
from lib.precision import LossScaler
from lib.reports import explained
from lib.run import Run
from lib.shapes import Int
from lib.training_config import History, Record, Step, TrainConfig


def get_batch(
    data: Int[Tensor, " N"], batch: int, context: int, generator: torch.Generator
) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]:
    """Return `batch` windows of `context` tokens, and the same windows one token later, as int64.

    Each start is drawn from the generator, uniformly from all N - context: the last window's target ends the text.

    Raises ValueError when batch or context is less than 1, or the text is too short for one window.

    >>> x, y = get_batch(torch.arange(5), batch=1, context=4, generator=torch.Generator())
    >>> x.tolist(), y.tolist()
    ([[0, 1, 2, 3]], [[1, 2, 3, 4]])
    """
    if batch < 1 or context < 1:
        raise ValueError(f"batch={batch} and context={context} must be at least 1")
    if len(data) < context + 1:
        raise ValueError(
            f"a text of {len(data)} tokens has no window of context={context} and a next token: it needs {context + 1}"
        )
    ### BEGIN SOLUTION
    starts = torch.randint(len(data) - context, (batch, 1), generator=generator)
    windows = data[starts + torch.arange(context + 1)].long()
    return windows[:, :-1], windows[:, 1:]
    ### END SOLUTION


def batches_of(tokens: Int[Tensor, " N"], batch: int, context: int, seed: int = 0) -> Callable[[int], Batch]:
    """Return data(i), the i-th batch of windows from tokens, wherever one asks for it and in whatever order.

    Raises ValueError as `get_batch` does.

    >>> data = batches_of(torch.arange(100), batch=2, context=3, seed=1)
    >>> torch.equal(data(7)[0], data(7)[0]), torch.equal(data(7)[0], data(8)[0])
    (True, False)
    """
    get_batch(tokens, batch, context, torch.Generator())  # refuses now and not in the middle of a run
    return numbered(lambda generator: get_batch(tokens, batch, context, generator), seed)


def evaluate(model: nn.Module, batches: Iterable[Batch], precision: str = "float32") -> float:
    """Return the mean loss over all targets that count in the batches, which are read once, without dropout.

    It leaves no trace: every module's own mode, all gradients and torch's random state are as before.

    Raises ValueError when no target counts.
    """
    ### BEGIN SOLUTION
    modes = {module: module.training for module in model.modules()}
    device = where(model)
    sums, counts = [], []
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng([device] if device.type == "cuda" else []):
            for x, y in batches:
                counts.append(count_targets([(x, y)]))
                sums.append(summed_loss(model, (x, y), device, precision))
    finally:
        for module, mode in modes.items():
            module.training = mode
    count = torch.stack(counts).sum() if counts else torch.tensor(0)
    check_some(count)
    return sum(torch.stack(sums).tolist()) / int(count)
    ### END SOLUTION


def train_step(
    model: nn.Module,
    micro_batches: Sequence[Batch],
    optimizer: Any,
    clip: float | None = None,
    precision: str = "float32",
    scaler: LossScaler | None = None,
) -> Step:
    """Take one step on all micro-batches together; the mean is over all their targets that count.

    Old gradients are forgotten. Where the loss or a gradient is inf or NaN, weights and optimizer stay as they are. On a
    GPU nothing is waited for, unless there is a scaler or an optimizer that is not fused.

    Raises ValueError when no target counts, or a token or target is out of range.
    """
    ### BEGIN SOLUTION
    device, count = where(model), count_targets(micro_batches)
    check_some(count)
    optimizer.zero_grad()
    loss = torch.zeros((), device=device)
    for batch in micro_batches:
        part = summed_loss(model, batch, device, precision) / count
        (part if scaler is None else scaler.scaled(part)).backward()
        loss = loss + part.detach()
    parameters = list(model.parameters())
    if scaler is not None:
        scaler.unscale(parameters)  # the norm below says whether all was finite
    norm = clip_gradients(parameters, clip)
    fine = loss.isfinite() & norm.isfinite()
    step_if(optimizer, fine)
    if scaler is not None:
        scaler.update(bool(fine))
    return Step(loss, norm, ~fine)
    ### END SOLUTION


def train(
    model: nn.Module,
    data: Callable[[int], Batch],
    config: TrainConfig,
    on_step: Callable[[Record], object] | None = None,
    *,
    held_out: Iterable[Batch] | None = None,
    optimizer: Any = None,
    resume: dict[str, Any] | str | Path | None = None,
) -> History:
    """Train the model where it is, on its own device, and return what happened; with patience it ends with its best weights.

    Micro-batch k of step s is data(s · accumulate + k). held_out is evaluated after the steps that the config names.
    The optimizer is AdamW unless one is given; the schedule sets its rate. resume is a checkpoint, or the name of its file.

    No step is taken with a loss or gradient of inf or NaN: FloatingPointError names it, on a GPU when its steps are read, at
    most log_every later. Raises torch.OutOfMemoryError with what to change.
    """
    check_held_out(held_out, config.eval_every > 0)
    run = Run(model, config, optimizer, on_step)
    ### BEGIN SOLUTION
    for step in range(run.start(resume), config.steps):
        rate = cosine_with_warmup(
            step, peak=config.lr, warmup=config.warmup, total=config.steps, floor=config.lr / 10
        )
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        micro_batches = [data(step * config.accumulate + k) for k in range(config.accumulate)]
        with explained(step, micro_batches):
            result = train_step(
                run.forward, micro_batches, run.optimizer, config.clip, config.precision, run.scaler
            )
        run.reports.add(step, result, rate, count_targets(micro_batches))
        if config.evaluates_after(step):
            _note(run, evaluate(run.forward, held_out or (), config.precision))
        run.end_step(step)
        if run.history.stopped:
            break
    run.reports.finish()
    if run.history.best_weights is not None:
        model.load_state_dict(run.history.best_weights)
    return run.history
    ### END SOLUTION


def _note(run: Run, held_out: float) -> None:
    """Take down an evaluation: only a lower loss is a better one, and its weights are kept as copies."""
    run.reports.held_out(held_out)
    ### BEGIN SOLUTION
    history, patience = run.history, run.config.patience
    history.bad += 1
    if held_out < history.best:
        history.best, history.best_step, history.bad = held_out, run.reports.unsent[-1].step, 0
        if patience is not None:
            history.best_weights = {k: v.detach().clone() for k, v in run.model.state_dict().items()}
    history.stopped = patience is not None and history.bad >= patience
    ### END SOLUTION
